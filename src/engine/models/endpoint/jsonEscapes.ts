/** A whole escape of JSON, or the beginning of one at the end of a text. */
const escapes = /\\(?:u[\da-f]{4}|[^u]|u[\da-f]{0,3}$|$)/gis;

const isOpen = (escape: string) => escape === '\\' || (escape.charAt(1).toLowerCase() === 'u' && escape.length < 6);

/** The shortest form of printable ASCII. Other escapes stay as they are. */
const shortest = (escape: string): string => {
  if (escape === String.raw`\/`) return '/';
  if (escape.length !== 6) return escape;
  const character = String.fromCharCode(Number.parseInt(escape.slice(2), 16));
  return /[ -~]/.test(character) ? JSON.stringify(character).slice(1, -1) : escape;
};

/**
 * Takes the pieces of one JSON text, and returns them without escapes that are not needed: the text means the same, and what it has
 * in it can be found.
 */
export class JsonEscapes {
  #held = '';

  /** The end of a piece waits for the next one if it is the beginning of an escape. */
  take(piece: string): string {
    const text = this.#held + piece;
    if (!text.includes('\\')) return text;
    this.#held = '';
    return text.replaceAll(escapes, (escape) => {
      if (!isOpen(escape)) return shortest(escape);
      this.#held = escape;
      return '';
    });
  }

  /** What waits, now that the text has ended. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}
