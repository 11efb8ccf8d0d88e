import { type InputValue, maxValueBytes, tooLong, valuesIn } from './inputValue.ts';

const LINE_FEED = 0x0a;

const isBlank = (bytes: Uint8Array) => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

/** The values of JSON Lines: one in each line. A line that cannot be read does not affect the others. */
export async function* lineValues(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputValue> {
  let line = 1;
  let pending: Uint8Array[] = [];
  let size = 0;
  const ended = function* (): Generator<InputValue> {
    if (size > maxValueBytes) yield { line, problem: tooLong };
    else {
      const [only] = pending;
      const bytes = pending.length === 1 && only !== undefined ? only : Buffer.concat(pending);
      if (!isBlank(bytes)) yield* valuesIn(bytes, line, false);
    }
    line += 1;
    pending = [];
    size = 0;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      size += end - start;
      if (size <= maxValueBytes) pending.push(chunk.subarray(start, end));
      yield* ended();
      start = end + 1;
    }
    size += chunk.length - start;
    if (size <= maxValueBytes) pending.push(chunk.subarray(start));
    else pending = [];
  }
  if (size > 0) yield* ended();
}
