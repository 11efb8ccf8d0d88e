const SHOWN_CHARACTERS = 64;

/** An id that cannot be part of a URL, however encoded: empty, `.`, `..`, too long, or not well-formed Unicode. Nothing was sent. */
export class InvalidIdError extends Error {
  override readonly name = 'InvalidIdError';

  constructor(id: string) {
    // JSON spells lone surrogates as escapes, so the message itself is well-formed.
    const shown = JSON.stringify(id.length > SHOWN_CHARACTERS ? `${id.slice(0, SHOWN_CHARACTERS)}…` : id);
    super(`${shown} cannot be an id: an id must be well-formed text of 1 to 512 characters other than "." and ".."`);
  }
}
