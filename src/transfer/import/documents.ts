import { type InputValue, maxValueBytes, tooLong, valuesIn } from './inputValue.ts';

const [QUOTE, BACKSLASH, LINE_FEED, COLON, COMMA] = [0x22, 0x5c, 0x0a, 0x3a, 0x2c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

const isSpace = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LINE_FEED;

/** The bytes of a value that spans chunks. */
class Capture {
  readonly line: number;
  readonly depth: number;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(line: number, depth: number) {
    this.line = line;
    this.depth = depth;
  }

  add(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.isTooLong) this.#parts = [];
    else this.#parts.push(bytes);
  }

  get isTooLong(): boolean {
    return this.#size > maxValueBytes;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

/**
 * The values of JSON documents that may span lines: an array, an object with the list `data`, or a single object; several
 * may follow each other. Only one item of a list is held at a time.
 */
export async function* documentValues(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputValue> {
  let line = 1;
  let depth = 0;
  /** The depth of the items of the list that is being read; 0 outside of one. */
  let items = 0;
  let capture: Capture | undefined;
  let inString = false;
  let escaped = false;
  /** The text of the latest string at depth 1: a key, if a colon follows. */
  let text = '';
  let key = '';
  let inLiteral = false;

  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (byte === LINE_FEED) {
        if (inString) {
          yield { line, problem: 'has a string that does not end in its line; the rest of the input is left out' };
          return;
        }
        line += 1;
        continue;
      }
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        if (inString && depth === 1 && text.length < 10) text += String.fromCharCode(byte);
        continue;
      }
      if (isSpace(byte) || byte === COMMA) {
        inLiteral = false;
        continue;
      }
      const isBracket = byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;
      if (depth === items && !isBracket && !inLiteral) yield { line, problem: 'is not an object' };
      inLiteral = !isBracket && byte !== QUOTE;
      if (byte === QUOTE) {
        inString = true;
        if (depth === 1) text = '';
        continue;
      }
      if (byte === COLON) {
        if (depth === 1) key = text;
        continue;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        depth += 1;
        const isList = byte === OPEN_ARRAY && (depth === 1 || (depth === 2 && key === 'data'));
        if (items === 0 && isList) {
          items = depth;
          capture = undefined; // The rest of the object that holds the list is not needed.
        } else if (capture === undefined && depth === items + 1) {
          capture = new Capture(line, depth);
          start = at;
        }
        continue;
      }
      if (!isBracket) continue;
      if (depth === 0) {
        yield {
          line,
          problem: `has ${String.fromCharCode(byte)} without a beginning; the rest of the input is left out`,
        };
        return;
      }
      if (capture?.depth === depth) {
        capture.add(chunk.subarray(start, at + 1));
        if (capture.isTooLong) yield { line: capture.line, problem: tooLong };
        else yield* valuesIn(capture.bytes(), capture.line, items > 0);
        capture = undefined;
      }
      if (depth === items) {
        items = 0;
        // What follows the list in its object is skipped.
        if (depth === 2) capture = undefined;
      }
      depth -= 1;
      if (depth === 0) key = '';
    }
    capture?.add(chunk.subarray(start));
  }
  if (depth > 0) yield { line, problem: 'is where the input ends, in the middle of a value' };
}
