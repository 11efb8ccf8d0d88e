import { StoreWriteError } from '../writeError.ts';

export const fileLostMessage =
  'The data file, its write-ahead log or its lock file was deleted or replaced while the server was using it. Nothing more is written. Restore the file and restart the server.';

/** By the result codes of https://www.sqlite.org/rescode.html, extended ones included. */
const messages: readonly [code: string, status: 503 | 507, message: string][] = [
  ['SQLITE_FULL', 507, 'The disk of the data file is full, so nothing can be written. Free some space and try again.'],
  ['SQLITE_BUSY', 503, 'Another program is writing to the data file, so nothing can be written. Try again.'],
  ['SQLITE_READONLY', 503, 'The data file is read-only, so nothing can be written.'],
  ['SQLITE_IOERR', 503, 'The disk of the data file fails, so nothing can be written.'],
  ['SQLITE_CANTOPEN', 503, 'The data file or its write-ahead log cannot be opened, so nothing can be written.'],
];

/** A StoreWriteError if SQLite could not write, with SQLite's error as its cause; otherwise the error itself. */
export const storeWriteErrorOf = (error: unknown): unknown => {
  if (!(error instanceof Error && 'code' in error)) return error;
  const code = String(error.code);
  const known = messages.find(([name]) => code === name || code.startsWith(`${name}_`));
  return known === undefined ? error : new StoreWriteError(known[1], known[2], { cause: error });
};
