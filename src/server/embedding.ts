import type { Config } from '../cli/config.ts';
import type { EmbeddingEndpoint } from '../engine/search/embeddings.ts';

/** The endpoint at EMBEDDING_BASE_URL; undefined if there is none. */
export const configuredEmbedding = ({
  embeddingBaseUrl: url,
  embeddingModel: model,
  embeddingApiKey: apiKey,
}: Config): EmbeddingEndpoint | undefined =>
  url === undefined || model === undefined ? undefined : { baseUrl: url, model, apiKey };
