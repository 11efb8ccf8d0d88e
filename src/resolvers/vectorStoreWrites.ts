import type { Context } from '../context/context.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import type { RequestBody } from '../rest/requestBody.ts';
import type { CreateVectorStoreBody, ModifyVectorStoreBody } from '../wire/vectorStore.ts';
import { type ChunkingStrategyInput, chunkingBody } from './chunkingStrategy.ts';
import { Edge } from './connection.ts';
import { encodeGlobalId } from './globalId.ts';
import { writeOptions } from './idempotencyKey.ts';
import { type CamelKeys, restKeys, withoutNulls } from './restKeys.ts';
import { vectorStoreList } from './vectorStore.ts';

export interface CreateVectorStoreInput
  extends WriteOptions,
    Omit<CamelKeys<RequestBody<CreateVectorStoreBody>>, 'chunkingStrategy'> {
  chunkingStrategy?: ChunkingStrategyInput | null | undefined;
}

export interface ModifyVectorStoreInput extends WriteOptions, CamelKeys<RequestBody<ModifyVectorStoreBody>> {
  vectorStoreId: string;
}

export const createVectorStore = async (input: CreateVectorStoreInput, { rest, loaders }: Context) => {
  const { idempotencyKey, chunkingStrategy, metadata, ...settings } = input;
  const body = {
    ...restKeys(withoutNulls(settings)),
    chunking_strategy: chunkingStrategy ? chunkingBody(chunkingStrategy) : undefined,
    metadata,
  };
  const vectorStore = await rest.vectorStores.create(body, writeOptions({ idempotencyKey }));
  loaders.vectorStores.wrote(vectorStore);
  return { vectorStore, vectorStoreEdge: new Edge(vectorStore, vectorStoreList) };
};

export const modifyVectorStore = async (input: ModifyVectorStoreInput, { rest, loaders }: Context) => {
  const { vectorStoreId, idempotencyKey, ...changes } = input;
  const vectorStore = await rest.vectorStores.modify(
    vectorStoreId,
    restKeys(changes),
    writeOptions({ idempotencyKey }),
  );
  loaders.vectorStores.wrote(vectorStore);
  return { vectorStore };
};

export const deleteVectorStore = async (
  input: { vectorStoreId: string } & WriteOptions,
  { rest, loaders }: Context,
) => {
  const { vectorStoreId } = input;
  await rest.vectorStores.delete(vectorStoreId, writeOptions(input));
  loaders.vectorStores.deleted(vectorStoreId);
  return { deletedVectorStoreId: encodeGlobalId('VectorStore', vectorStoreId) };
};
