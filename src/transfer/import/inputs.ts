import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { STANDARD_INPUT } from '../standardStreams.ts';
import { TransferError } from '../transferError.ts';
import { inputValues } from './inputValues.ts';
import type { NamedValue } from './withContents.ts';

/** Files to read, one after the other. */
export interface Inputs {
  /** 0 to 1; undefined if one of the inputs has no size. */
  readonly part: number | undefined;
  values(): AsyncGenerator<NamedValue>;
}

const sizeOf = async (file: string): Promise<number | undefined> => {
  if (file === STANDARD_INPUT) return undefined;
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new TransferError(`${file} is a directory; give the files in it`);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (error instanceof TransferError) throw error;
    throw new TransferError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Opens inputs by their names on the command line. Throws TransferError if one of the files does not exist. */
export const openInputs = async (
  files: readonly string[],
  standardInput: AsyncIterable<Uint8Array>,
): Promise<Inputs> => {
  const sizes = await Promise.all(files.map(sizeOf));
  const total = sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size = 0) => sum + size, 0);
  let read = 0;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      read += chunk.length;
      yield chunk;
    }
  };
  return {
    get part() {
      return total === undefined || total === 0 ? undefined : Math.min(read / total, 1);
    },
    async *values() {
      for (const file of files) {
        const name = file === STANDARD_INPUT ? 'standard input' : file;
        const chunks = file === STANDARD_INPUT ? standardInput : createReadStream(file, { highWaterMark: 256 * 1024 });
        for await (const value of inputValues(counted(chunks))) yield { file: name, value };
      }
    },
  };
};
