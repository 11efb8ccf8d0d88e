import { statSync } from 'node:fs';
import type { Config } from '../../cli/config.ts';
import { copyDataFile } from '../../engine/copy/copyDataFile.ts';
import { databaseNameOf } from '../../engine/store/postgres/databaseName.ts';
import { reportProgress, type TransferState } from '../progress.ts';
import { exitCodes, TransferError } from '../transferError.ts';

const checkFile = (file: string) => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new TransferError(`There is no data file ${file}.`);
  if (!found.isFile()) throw new TransferError(`${file} is not a file; give the path of a data file.`);
};

/**
 * Copies the data file of a stopped server into the database of the settings. Returns the exit code.
 * @throws {TransferError} @throws {CopyError} @throws {StoreUnavailableError}
 */
export const copy = async (file: string, { databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<number> => {
  if (databaseUrl === undefined) {
    throw new TransferError('Set DATABASE_URL to the PostgreSQL database that the data is to be copied into.');
  }
  checkFile(file);
  let state: TransferState = { part: undefined, text: 'nothing copied yet' };
  let missing = 0;
  const progress = reportProgress(process.stderr, () => state);
  try {
    const { rows, wasCopied } = await copyDataFile({
      dataPath: file,
      databaseUrl,
      onProgress: ({ doing, done, total }) => {
        const text = `${done}${total === undefined ? '' : ` of ${total}`} ${doing}`;
        state = { part: total === undefined ? undefined : done / total, text };
      },
      onMissing: (sentence) => {
        missing += 1;
        progress.note(sentence);
      },
    });
    for (const [table, count] of rows) if (count > 0) progress.note(`${table}: ${count}`);
    const done = wasCopied ? 'has been copied before' : 'is copied';
    progress.end(`${file} ${done} into ${databaseNameOf(databaseUrl)}: all rows are the same in both.`);
    return missing > 0 ? exitCodes.someLeftOut : exitCodes.complete;
  } catch (error) {
    progress.end('Stopped. No rows were copied.');
    throw error;
  }
};
