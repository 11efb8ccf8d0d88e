/** A value of an input, or why there is none; `problem` is the end of a sentence about it. `line` counts from 1, `size` is in bytes. */
export type InputValue =
  | { readonly line: number; readonly value: unknown; readonly size: number; readonly isListed: boolean }
  | { readonly line: number; readonly problem: string };

/** The size of the largest value, in bytes. A message of the API has at most about 2 MB. */
export const maxValueBytes = 64 * 1024 * 1024;

export const tooLong = `is longer than ${maxValueBytes / 1024 / 1024} MB`;

const decoder = new TextDecoder('utf-8', { fatal: true });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The items of a list as the API or its SDK writes one: an array, or an object with `data`. Undefined if it is none. */
const itemsOf = (value: unknown): unknown[] | undefined => {
  if (Array.isArray(value)) return value;
  const data = isObject(value) ? value['data'] : undefined;
  return Array.isArray(data) ? data : undefined;
};

/** Parses the JSON of a value; that of a list gives its items. */
export function* valuesIn(bytes: Uint8Array, line: number, isListed: boolean): Generator<InputValue> {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'is not JSON' : 'is not UTF-8';
    yield { line, problem: `${problem}: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}` };
    return;
  }
  const items = itemsOf(value);
  const size = bytes.length / (items?.length ?? 1);
  if (items === undefined) yield { line, value, size, isListed };
  else for (const item of items) yield { line, value: item, size, isListed: true };
}
