import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { STANDARD_INPUT } from '../standardStreams.ts';
import { TransferError } from '../transferError.ts';

/** The lines of a file, or of standard input. Throws TransferError. */
async function* linesIn(path: string): AsyncGenerator<string> {
  const input: Readable = path === STANDARD_INPUT ? process.stdin : createReadStream(path);
  let rest = '';
  try {
    for await (const text of input.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw new TransferError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  yield rest;
}

/** The ids in a file or on standard input, one in each line. Empty lines are skipped. Throws TransferError. */
export async function* threadIdsIn(path: string): AsyncGenerator<string> {
  for await (const line of linesIn(path)) {
    const id = line.trim();
    if (id !== '') yield id;
  }
}

/** How many ids there are; undefined if the input can be read only once. Throws TransferError. */
export const countThreadIds = async (path: string): Promise<number | undefined> => {
  if (path === STANDARD_INPUT) return undefined;
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === false) return undefined;
  const ids = threadIdsIn(path);
  let count = 0;
  while ((await ids.next()).done !== true) count += 1;
  return count;
};
