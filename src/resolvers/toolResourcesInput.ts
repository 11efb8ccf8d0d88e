import type { RequestBody } from '../rest/requestBody.ts';
import type { RestMetadata } from '../wire/page.ts';
import type {
  RestChunkingStrategy,
  RestToolResources,
  RestToolResourcesCreate,
  RestVectorStoreCreate,
} from '../wire/tool.ts';
import { userInputError } from '../context/errors.ts';
import { restKeys } from './restKeys.ts';

type Maybe<T> = T | null | undefined;

export interface ToolResourcesInput {
  codeInterpreter?: Maybe<{ fileIds?: Maybe<string[]> }>;
  fileSearch?: Maybe<{ vectorStoreIds?: Maybe<string[]> }>;
}

/** What a create takes on top: vector stores that are made on the way. */
export interface CreateToolResourcesInput extends ToolResourcesInput {
  fileSearch?: Maybe<{ vectorStoreIds?: Maybe<string[]>; vectorStores?: Maybe<VectorStoreInput[]> }>;
}

export interface VectorStoreInput {
  fileIds?: Maybe<string[]>;
  chunkingStrategy?: Maybe<ChunkingStrategyInput>;
  metadata?: Maybe<RestMetadata>;
}

/** Exactly one member is set. */
export interface ChunkingStrategyInput {
  auto?: Maybe<boolean>;
  static?: Maybe<{ maxChunkSizeTokens: number; chunkOverlapTokens: number }>;
}

export const toolResourcesBody = (input: ToolResourcesInput): RequestBody<RestToolResources> => {
  const { codeInterpreter, fileSearch } = input;
  return restKeys({
    ...('codeInterpreter' in input && { codeInterpreter: codeInterpreter && restKeys(codeInterpreter) }),
    ...('fileSearch' in input && { fileSearch: fileSearch && restKeys(fileSearch) }),
  });
};

export const createToolResourcesBody = (input: CreateToolResourcesInput): RequestBody<RestToolResourcesCreate> => {
  const { fileSearch } = input;
  const body = toolResourcesBody(input);
  if (!fileSearch?.vectorStores) return body;
  return { ...body, file_search: { ...body.file_search, vector_stores: fileSearch.vectorStores.map(vectorStoreBody) } };
};

const vectorStoreBody = ({ chunkingStrategy, ...store }: VectorStoreInput): RequestBody<RestVectorStoreCreate> => ({
  ...restKeys(store),
  ...(chunkingStrategy === undefined ? {} : { chunking_strategy: chunkingStrategy && chunkingBody(chunkingStrategy) }),
});

const chunkingBody = (strategy: ChunkingStrategyInput): RestChunkingStrategy => {
  if (strategy.static) return { type: 'static', static: restKeys(strategy.static) };
  if (strategy.auto) return { type: 'auto' };
  throw userInputError('`auto: false` is no chunking strategy: leave `chunkingStrategy` out instead.');
};
