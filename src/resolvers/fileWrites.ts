import type { Context } from '../context/context.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import { encodeGlobalId } from './globalId.ts';
import { writeOptions } from './idempotencyKey.ts';

export const deleteFile = async (input: { fileId: string } & WriteOptions, { rest, loaders }: Context) => {
  const { fileId } = input;
  await rest.files.delete(fileId, writeOptions(input));
  loaders.files.deleted(fileId);
  return { deletedFileId: encodeGlobalId('File', fileId) };
};
