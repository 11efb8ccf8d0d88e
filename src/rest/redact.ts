/** Shorter texts are too common in ordinary sentences to be struck out of them, and too short to be keys. */
const SHORTEST_SECRET = 6;
const SECRET_NAME = /auth|key|token|secret|cookie|password|signature|^sig$/i;

/** The texts among headers or query parameters that must not be shown: whole values, and what follows a scheme such as `Bearer`. */
export const secretsOf = (named: Readonly<Record<string, string>>): string[] =>
  Object.entries(named)
    .filter(([name]) => SECRET_NAME.test(name))
    .flatMap(([, value]) => [value, ...value.split(/[\s;,]+/).slice(1)]);

/** The text with every secret in it, plain or percent-encoded, struck out. */
export const redacted = (text: string, secrets: readonly string[]): string => {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    clean = clean.replaceAll(secret, '[redacted]').replaceAll(encodeURIComponent(secret), '[redacted]');
  }
  return clean;
};
