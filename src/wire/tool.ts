import type { RestMetadata } from './page.ts';

export interface RestCodeInterpreterTool {
  type: 'code_interpreter';
}

export interface RestFileSearchTool {
  type: 'file_search';
  file_search?: {
    /** 1 to 50. */
    max_num_results?: number | undefined;
    ranking_options?: RestRankingOptions | undefined;
  };
}

export interface RestRankingOptions {
  ranker?: RestRanker | undefined;
  /** 0 to 1. */
  score_threshold: number;
}

export type RestRanker = 'auto' | 'default_2024_08_21';

export interface RestFunctionTool {
  type: 'function';
  function: RestFunction;
}

export interface RestFunction {
  /** Letters, digits, `_` and `-`; up to 64 characters. */
  name: string;
  description?: string | undefined;
  /** A JSON Schema object. */
  parameters?: Record<string, unknown> | undefined;
  strict?: boolean | null | undefined;
}

export type RestTool = RestCodeInterpreterTool | RestFileSearchTool | RestFunctionTool;

export interface RestToolResources {
  /** Up to 20 file ids. */
  code_interpreter?: { file_ids?: string[] | undefined } | undefined;
  /** At most one vector store id. */
  file_search?: { vector_store_ids?: string[] | undefined } | undefined;
}

/** Tool resources in a create request: `vector_stores` creates a store, whose id is returned in `vector_store_ids`. */
export interface RestToolResourcesCreate {
  code_interpreter?: { file_ids?: string[] | undefined } | undefined;
  file_search?:
    | { vector_store_ids?: string[] | undefined; vector_stores?: RestVectorStoreCreate[] | undefined }
    | undefined;
}

export interface RestVectorStoreCreate {
  file_ids?: string[] | undefined;
  chunking_strategy?: RestChunkingStrategy | undefined;
  metadata?: RestMetadata | null | undefined;
}

export type RestChunkingStrategy =
  | { type: 'auto' }
  | {
      type: 'static';
      /** `max_chunk_size_tokens` is 100 to 4096; the overlap at most half of it. */
      static: { max_chunk_size_tokens: number; chunk_overlap_tokens: number };
    };

export type RestResponseFormat =
  | 'auto'
  | { type: 'text' }
  | { type: 'json_object' }
  | { type: 'json_schema'; json_schema: RestJsonSchema };

export interface RestJsonSchema {
  name: string;
  description?: string | undefined;
  schema?: Record<string, unknown> | undefined;
  strict?: boolean | null | undefined;
}

export type RestToolChoiceMode = 'none' | 'auto' | 'required';

export type RestToolChoice = RestToolChoiceMode | RestNamedToolChoice;

export interface RestNamedToolChoice {
  type: 'function' | 'code_interpreter' | 'file_search';
  function?: { name: string };
}
