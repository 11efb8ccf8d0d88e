/**
 * Variables may say `{{threadId}}`: it stands for the last `threadId` that any answer had. So an id need not be copied
 * from one operation's answer into the next one's variables.
 */

const STORED_AS = 'assistants-graphql:seen';

/** Only what names something can travel: a message's text has no business in the browser's storage. */
const TRAVELS = /(Id|Cursor)$/;

/** @type {() => Record<string, string>} */
const seen = () => JSON.parse(sessionStorage.getItem(STORED_AS) ?? '{}');

/**
 * Keeps the ids and cursors of an answer for later operations. Where one answer has several of a name its first counts,
 * which in a list of the newest first is the newest.
 * @param {unknown} answer
 */
export const remember = (answer) => {
  /** @type {Record<string, string>} */
  const found = {};
  const look = (/** @type {unknown} */ value) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, each] of Object.entries(value)) {
      if (typeof each === 'string' && TRAVELS.test(name)) found[name] ??= each;
      else look(each);
    }
  };
  look(answer);
  sessionStorage.setItem(STORED_AS, JSON.stringify({ ...seen(), ...found }));
};

/** Thrown for a placeholder whose name no answer has had. */
export class NotKnownYet extends Error {
  /** @param {string} name */
  constructor(name) {
    super(`{{${name}}} is not known yet`);
    this.placeholder = name;
  }
}

/**
 * The variables with each placeholder replaced. Throws NotKnownYet.
 * @param {unknown} variables
 * @returns {unknown}
 */
export const fill = (variables) => {
  const known = seen();
  /** @type {(value: unknown) => unknown} */
  const filled = (value) => {
    if (typeof value === 'string') {
      const name = /^\{\{(\w+)\}\}$/.exec(value)?.[1];
      if (name === undefined) return value;
      if (known[name] === undefined) throw new NotKnownYet(name);
      return known[name];
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(filled);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each)]));
  };
  return filled(variables);
};
