/**
 * In variables, `{{threadId}}` stands for the last `threadId` in any response, so that ids do not have to be copied from one
 * response into the variables of the next operation.
 */

const STORED_AS = 'assistants-graphql:seen';

/** Only ids and cursors are stored: texts of messages do not belong into the browser's storage. */
const STORED_NAMES = /(Id|Cursor)$/;

/** @type {() => Record<string, string>} */
const seen = () => JSON.parse(sessionStorage.getItem(STORED_AS) ?? '{}');

/**
 * Stores the ids and cursors of a response for later operations. If a response has several of one name, the first is stored,
 * which is the newest in a list with the newest first.
 * @param {unknown} response
 */
export const remember = (response) => {
  /** @type {Record<string, string>} */
  const found = {};
  const look = (/** @type {unknown} */ value) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, each] of Object.entries(value)) {
      if (typeof each === 'string' && STORED_NAMES.test(name)) found[name] ??= each;
      else look(each);
    }
  };
  look(response);
  sessionStorage.setItem(STORED_AS, JSON.stringify({ ...seen(), ...found }));
};

/** Thrown for a placeholder if no response has had a field of that name. */
export class UnknownPlaceholder extends Error {
  /** @param {string} name */
  constructor(name) {
    super(`{{${name}}} has no value yet`);
    this.placeholder = name;
  }
}

/**
 * The variables with each placeholder replaced. Throws UnknownPlaceholder.
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
      if (known[name] === undefined) throw new UnknownPlaceholder(name);
      return known[name];
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(filled);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each)]));
  };
  return filled(variables);
};
