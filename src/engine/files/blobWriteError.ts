import { StoreWriteError } from '../store/writeError.ts';

/** By the codes of errno(3). */
const messages: Record<string, readonly [status: 503 | 507, message: string]> = {
  ENOSPC: [507, 'The disk for the content of files is full, so nothing can be written. Free some space and try again.'],
  EDQUOT: [507, 'The quota of the disk for the content of files is used up, so nothing can be written.'],
  EROFS: [503, 'The folder for the content of files is read-only, so nothing can be written.'],
  EACCES: [503, 'The folder for the content of files cannot be written: no permission.'],
  EPERM: [503, 'The folder for the content of files cannot be written: no permission.'],
  ENOTDIR: [503, 'The folder for the content of files cannot be created: another file is at its path.'],
  EEXIST: [503, 'The folder for the content of files cannot be created: another file is at its path.'],
  EIO: [503, 'The disk for the content of files fails, so nothing can be written.'],
  EMFILE: [503, 'The server has too many open files, so nothing can be written. Try again later.'],
};

/** A StoreWriteError if the disk could not be written, with the system's error as its cause; otherwise the error itself. */
export const blobWriteErrorOf = (error: unknown): unknown => {
  const known = error instanceof Error && 'code' in error ? messages[String(error.code)] : undefined;
  return known === undefined ? error : new StoreWriteError(known[0], known[1], { cause: error });
};
