import type { RestMetadata } from '../wire/page.ts';
import type { RestToolResources, RestToolResourcesCreate, RestVectorStoreCreate } from '../wire/tool.ts';
import { type ChunkingStrategyInput, chunkingBody } from './chunkingStrategy.ts';
import { restKeys, withoutNulls } from './restKeys.ts';

type Maybe<T> = T | null | undefined;

export interface ToolResourcesInput {
  codeInterpreter?: Maybe<{ fileIds?: Maybe<string[]> }>;
  fileSearch?: Maybe<{ vectorStoreIds?: Maybe<string[]> }>;
}

/** The input of a create, which can also create vector stores. */
export interface CreateToolResourcesInput extends ToolResourcesInput {
  fileSearch?: Maybe<{ vectorStoreIds?: Maybe<string[]>; vectorStores?: Maybe<VectorStoreInput[]> }>;
}

export interface VectorStoreInput {
  fileIds?: Maybe<string[]>;
  chunkingStrategy?: Maybe<ChunkingStrategyInput>;
  metadata?: Maybe<RestMetadata>;
}

export const toolResourcesBody = ({ codeInterpreter, fileSearch }: ToolResourcesInput): RestToolResources => ({
  ...(codeInterpreter && { code_interpreter: restKeys(withoutNulls(codeInterpreter)) }),
  ...(fileSearch && { file_search: restKeys(withoutNulls(fileSearch)) }),
});

export const createToolResourcesBody = (input: CreateToolResourcesInput): RestToolResourcesCreate => {
  const { vectorStores, ...existing } = input.fileSearch ?? {};
  const body = toolResourcesBody({ ...input, fileSearch: input.fileSearch && existing });
  if (!vectorStores) return body;
  return { ...body, file_search: { ...body.file_search, vector_stores: vectorStores.map(vectorStoreBody) } };
};

const vectorStoreBody = ({ fileIds, chunkingStrategy, metadata }: VectorStoreInput): RestVectorStoreCreate => ({
  file_ids: fileIds ?? undefined,
  chunking_strategy: chunkingStrategy ? chunkingBody(chunkingStrategy) : undefined,
  metadata,
});
