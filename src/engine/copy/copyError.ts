/** A data file was not copied into a database. Nothing of it is there then, except for contents of files, which nothing refers to. The message is for the operator. */
export class CopyError extends Error {
  override readonly name = 'CopyError';
}
