import type { Context } from '../context/context.ts';
import { userInputError } from '../context/errors.ts';
import type { VectorStoreFileKey } from '../loaders/vectorStoreFile.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import type { CreateVectorStoreFileBody, RestFileAttributes } from '../wire/vectorStore.ts';
import { type ChunkingStrategyInput, chunkingBody } from './chunkingStrategy.ts';
import { Edge } from './connection.ts';
import { encodeGlobalId } from './globalId.ts';
import { writeOptions } from './idempotencyKey.ts';
import { vectorStoreFileList } from './vectorStoreFile.ts';

type Maybe<T> = T | null | undefined;

/** How files are indexed. */
interface IndexingInput {
  attributes?: Maybe<Record<string, unknown>>;
  chunkingStrategy?: Maybe<ChunkingStrategyInput>;
}

/** A file to add to a vector store, and how it is indexed. */
export interface StoredFileInput extends IndexingInput {
  fileId: string;
}

export interface CreateVectorStoreFileInput extends StoredFileInput, WriteOptions {
  vectorStoreId: string;
}

export interface CreateVectorStoreFileBatchInput extends IndexingInput, WriteOptions {
  vectorStoreId: string;
  fileIds?: Maybe<string[]>;
  files?: Maybe<StoredFileInput[]>;
}

export const createVectorStoreFile = async (input: CreateVectorStoreFileInput, { rest, loaders }: Context) => {
  const { vectorStoreId } = input;
  const file = await rest.vectorStoreFiles.create(vectorStoreId, storedFileBody(input), writeOptions(input));
  loaders.vectorStoreFiles.wrote(file);
  return { vectorStoreFile: file, vectorStoreFileEdge: new Edge(file, vectorStoreFileList(vectorStoreId)) };
};

export const createVectorStoreFileBatch = async (
  input: CreateVectorStoreFileBatchInput,
  { rest, loaders }: Context,
) => {
  const { vectorStoreId, fileIds, files } = input;
  const body = {
    ...(fileIds && { file_ids: fileIds }),
    ...(files && { files: files.map(storedFileBody) }),
    ...indexingBody(input),
  };
  const vectorStoreFileBatch = await rest.vectorStoreFiles.createBatch(vectorStoreId, body, writeOptions(input));
  loaders.vectorStoreFiles.forget();
  loaders.vectorStores.forget();
  return { vectorStoreFileBatch };
};

export const deleteVectorStoreFile = async (input: VectorStoreFileKey & WriteOptions, { rest, loaders }: Context) => {
  const { vectorStoreId, fileId } = input;
  await rest.vectorStoreFiles.delete(vectorStoreId, fileId, writeOptions(input));
  loaders.vectorStoreFiles.deleted({ vectorStoreId, fileId });
  return { deletedVectorStoreFileId: encodeGlobalId('VectorStoreFile', vectorStoreId, fileId) };
};

const storedFileBody = ({ fileId, ...indexing }: StoredFileInput): CreateVectorStoreFileBody => ({
  file_id: fileId,
  ...indexingBody(indexing),
});

const indexingBody = ({ attributes, chunkingStrategy }: IndexingInput) => ({
  attributes: attributes && attributesOf(attributes),
  chunking_strategy: chunkingStrategy ? chunkingBody(chunkingStrategy) : undefined,
});

/** Throws BAD_USER_INPUT that names the invalid attribute. The upstream checks sizes. */
const attributesOf = (value: unknown): RestFileAttributes => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw userInputError('`attributes` must be a map of strings, numbers and booleans, such as { year: 2026 }.');
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]): [string, string | number | boolean] => [key, checked(key, one)]),
  );
};

const checked = (key: string, value: unknown) => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw userInputError(
    `\`attributes\` must have strings, numbers and booleans as values, got ${JSON.stringify(value)?.slice(0, 100)} for ${JSON.stringify(key.slice(0, 64))}.`,
  );
};
