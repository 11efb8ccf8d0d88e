import type { RestVectorStoreFile } from '../../wire/vectorStore.ts';

export type IngestionErrorCode = NonNullable<RestVectorStoreFile['last_error']>['code'];

/** A file cannot be indexed. `code` and `message` become its `last_error`, so the message is for clients. */
export class IngestionError extends Error {
  override readonly name = 'IngestionError';
  readonly code: IngestionErrorCode;

  constructor(code: IngestionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const outOfMemoryError = (megabytes: number): IngestionError =>
  new IngestionError('invalid_file', `The text of the file needs more than ${megabytes} MB of memory.`);
