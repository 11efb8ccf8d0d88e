const beginning = /^\s*\{\s*"code"\s*:\s*"/u;
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Reads the member `code` of a JSON object while its text arrives. */
export class CodeReader {
  #written = '';
  /** Where the text that has not been decoded begins; undefined before the member, null after it. */
  #at: number | null | undefined;

  /** All that was written. */
  get written(): string {
    return this.#written;
  }

  /** Adds a piece of the JSON text. Returns what it adds to the code, as far as that is complete. */
  push(piece: string): string {
    this.#written += piece;
    if (this.#at === undefined) {
      const found = beginning.exec(this.#written);
      if (found === null) return '';
      this.#at = found[0].length;
    }
    let code = '';
    while (this.#at !== null && this.#at < this.#written.length) {
      const character = this.#written.charAt(this.#at);
      if (character === '"') {
        this.#at = null;
        break;
      }
      const length = character !== '\\' ? 1 : this.#written.charAt(this.#at + 1) === 'u' ? 6 : 2;
      if (this.#at + length > this.#written.length) break;
      code += length === 1 ? character : this.#decoded(this.#at + 1, length);
      this.#at += length;
    }
    return code;
  }

  /** The character of the escape sequence whose letter is at `at`. */
  #decoded(at: number, length: number): string {
    const letter = this.#written.charAt(at);
    if (length === 2) return escapes[letter] ?? letter;
    return String.fromCharCode(Number.parseInt(this.#written.slice(at + 1, at + 5), 16) || 0);
  }
}

/**
 * The code in the arguments of a call: the member `code` of the JSON object, or the whole text if it is no JSON, since
 * some models write plain code. Undefined if there is none.
 */
export const codeIn = (written: string): string | undefined => {
  try {
    const parsed: unknown = JSON.parse(written);
    if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && typeof parsed.code === 'string') {
      return parsed.code;
    }
    return typeof parsed === 'string' ? parsed : undefined;
  } catch {
    return /^\s*(?:\{\s*"|$)/u.test(written) ? undefined : written;
  }
};
