import { isSecretName } from '../../../secretNames.ts';

/** Shorter values are too common in ordinary sentences to be struck out, and too short to be keys. */
const shortestSecret = 6;
/** Endpoints quote keys in part (`sk-abcdefgh****`): a word that has this many characters in a row of a secret goes too. */
const partLength = 8;
const struckOut = '[redacted]';

/** The forms in which a secret may appear: as it is, in a URL, in JSON. */
const formsOf = (secret: string): string[] => [
  ...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]),
];

/** Words of letters alone, such as `ollama` or `not-needed`, stand in for a key that is not needed, and models use them. */
const isPlaceholder = (word: string) => word.length < 16 && /^[a-z]+(?:[-_ ][a-z]+)*$/i.test(word);

/** A value that is a key by its looks: one word of letters and digits, and no address. */
const looksLikeKey = (value: string) => /^(?=.*\d)(?=.*[a-z])[^\s/]{16,}$/i.test(value);

/** The words of a credential: in `Bearer abc` the second one, too. */
const wordsOf = (value: string) => [value, ...value.split(/[\s;,]+/).slice(1)];

/**
 * The headers or query parameters that are credentials by their names or their looks. Others are part of what a model may say,
 * such as the name of an application in `X-Title`.
 */
export const credentialsAmong = (named: Readonly<Record<string, string>>): string[] =>
  Object.entries(named).flatMap(([name, value]) => (isSecretName(name) || looksLikeKey(value) ? [value] : []));

/** What must not appear in any output: each of the credentials, in every form. */
export const secretFormsOf = (credentials: readonly string[]): string[] => {
  const words = credentials.flatMap(wordsOf);
  const secrets = words.filter((word) => word.length >= shortestSecret && !isPlaceholder(word));
  const forms = secrets.flatMap(formsOf);
  // The longest first, so that no remainder is left of a secret that contains another.
  return [...new Set(forms)].toSorted((one, other) => other.length - one.length);
};

/** The text without the secrets. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, struckOut), text);

const hasPartOf = (word: string, secret: string): boolean => {
  for (let at = 0; at + partLength <= secret.length; at += 1) {
    if (word.includes(secret.slice(at, at + partLength))) return true;
  }
  return false;
};

/** As `withoutSecrets`, and without the words that have a part of a secret in them. For error messages, which are short. */
export const withoutPartsOfSecrets = (text: string, secrets: readonly string[]): string =>
  withoutSecrets(text, secrets).replaceAll(/[^\s"'`<>()]{8,}/g, (word) =>
    word !== struckOut && secrets.some((secret) => hasPartOf(word, secret)) ? struckOut : word,
  );

/** How much of the end of `text` may be the beginning of a secret. */
const openEnd = (text: string, secrets: readonly string[]): number => {
  let longest = 0;
  for (const secret of secrets) {
    const [first = ''] = secret;
    for (
      let at = text.indexOf(first, text.length - secret.length + 1);
      at !== -1 && text.length - at > longest;
      at = text.indexOf(first, at + 1)
    ) {
      if (secret.startsWith(text.slice(at))) longest = text.length - at;
    }
  }
  return longest;
};

/** Takes the pieces of one text, and returns them without secrets, those that are spread over several pieces included. */
export class SecretFilter {
  readonly #secrets: readonly string[];
  #held = '';

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /** What of the text can be shown now: all but an end that may become a secret. */
  take(piece: string): string {
    const text = withoutSecrets(this.#held + piece, this.#secrets);
    const held = openEnd(text, this.#secrets);
    this.#held = held === 0 ? '' : text.slice(-held);
    return held === 0 ? text : text.slice(0, -held);
  }

  /** What was kept back, now that the text goes on no further. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}
