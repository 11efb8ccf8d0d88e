import type { Context } from '../context/context.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import { type Upload, uploadMs } from '../rest/upload.ts';
import type { CreateFileBody } from '../wire/file.ts';
import { Edge } from './connection.ts';
import { fileList } from './file.ts';
import { encodeGlobalId } from './globalId.ts';
import { writeOptions } from './idempotencyKey.ts';

export interface CreateFileInput extends WriteOptions {
  file: Upload;
  purpose: CreateFileBody['purpose'];
  expiresAfter?: CreateFileBody['expires_after'] | null;
}

export const uploadFile = async (input: CreateFileInput, { rest, loaders, deadline }: Context) => {
  const { file: upload, purpose, expiresAfter } = input;
  const write = writeOptions(input);
  const content = await upload.file;
  deadline.extend(uploadMs(content));
  const body = { purpose, expires_after: expiresAfter ?? undefined };
  const file = await rest.files.create(body, content, write);
  loaders.files.wrote(file);
  return { file, fileEdge: new Edge(file, fileList) };
};

export const deleteFile = async (input: { fileId: string } & WriteOptions, { rest, loaders }: Context) => {
  const { fileId } = input;
  await rest.files.delete(fileId, writeOptions(input));
  loaders.files.deleted(fileId);
  return { deletedFileId: encodeGlobalId('File', fileId) };
};
