import { documentValues } from './documents.ts';
import type { InputValue } from './inputValue.ts';
import { lineValues } from './lines.ts';

const [LINE_FEED, OPEN_ARRAY, OPEN_OBJECT] = [0x0a, 0x5b, 0x7b];

/** How much of an input is read to recognize its format, in bytes. A longer first line is that of a list. */
const maxHeadBytes = 16 * 1024 * 1024;

const isJson = (bytes: Uint8Array): boolean => {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
};

const firstOf = (bytes: Uint8Array) =>
  bytes.findIndex((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);

/** Undefined if more of the input is needed to tell. */
const formatOf = (head: Uint8Array, isAll: boolean): 'lines' | 'documents' | undefined => {
  const first = firstOf(head);
  if (first === -1) return isAll ? 'lines' : undefined;
  if (head[first] === OPEN_ARRAY) return 'documents';
  if (head[first] !== OPEN_OBJECT) return 'lines';
  const end = head.indexOf(LINE_FEED, first);
  if (end === -1) return isAll || head.length > maxHeadBytes ? 'documents' : undefined;
  if (isJson(head.subarray(first, end))) return 'lines';
  if (/[[{,]\s*$/.test(new TextDecoder().decode(head.subarray(Math.max(first, end - 10), end)))) return 'documents';
  if (end + 1 === head.length && !isAll) return undefined;
  // The first line of JSON Lines may be damaged. A document that spans lines has no second line that begins like this.
  return head[end + 1] === OPEN_OBJECT ? 'lines' : 'documents';
};

/** Ends `rest` if not all of it is read: an open input would keep the process alive. */
async function* chained(head: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** The values of an input: JSON Lines, or what the API's lists are commonly saved as. */
export async function* inputValues(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputValue> {
  const rest = chunks[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let format: ReturnType<typeof formatOf>;
  while (format === undefined) {
    const next = await rest.next();
    if (next.done !== true) head.push(next.value);
    format = formatOf(Buffer.concat(head), next.done === true);
  }
  yield* (format === 'lines' ? lineValues : documentValues)(chained(head, rest));
}
