import type { FormattedExecutionResult } from 'graphql';
import { bytesOf, type Piece } from '../execution/bytes.ts';
import { giveBack } from '../execution/spare.ts';

/** No message that graphql-ws makes ends like this by itself: JSON escapes the control character. */
const PLACEHOLDER = '\u0000json';

const END = `${JSON.stringify(PLACEHOLDER)}}`;

interface Placeholder extends FormattedExecutionResult {
  readonly toJSON: () => string;
}

/**
 * Payloads of one connection that are JSON already. graphql-ws makes each message by JSON.stringify, and hands it to the socket at
 * once; a payload passes through it as a placeholder, which is replaced in the message.
 */
export class JsonInsertions {
  #next: readonly Piece[] | undefined;

  /** What to give to graphql-ws as the payload, the last member of its message. */
  placeholderFor(json: readonly Piece[]): FormattedExecutionResult {
    const placeholder: Placeholder = {
      toJSON: () => {
        this.#next = json;
        return PLACEHOLDER;
      },
    };
    return placeholder;
  }

  /** What to send for a message that graphql-ws made just now. */
  insertInto(message: string): string | Buffer {
    const json = this.#next;
    this.#next = undefined;
    if (json === undefined) return message;
    if (!message.endsWith(END)) throw new TypeError('A message of graphql-ws does not end with its payload.');
    const bytes = bytesOf([Buffer.from(message.slice(0, -END.length)), ...json, '}']);
    giveBack(json);
    return bytes;
  }
}
