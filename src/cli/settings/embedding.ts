import { baseUrl, optional, secretWord } from './parsers.ts';
import { NotAllowed, setting } from './setting.ts';

const anyBaseUrl = baseUrl('EMBEDDING', 'https://api.openai.com/v1 or http://localhost:11434/v1');

/** The base URL of an endpoint for embeddings; undefined if it is empty. */
const embeddingBaseUrl = (value: string): string | undefined => {
  const url = anyBaseUrl(value);
  if (url?.endsWith('/embeddings') !== true) return url;
  throw new NotAllowed('the URL before /embeddings');
};

/** The endpoint whose vectors file search uses in addition to words. */
export const embeddingSettings = {
  embeddingBaseUrl: setting({
    name: 'EMBEDDING_BASE_URL',
    unit: 'URL',
    fallback: '',
    description:
      'Base URL of an endpoint with `/embeddings`, such as https://api.openai.com/v1. With it, file search also finds passages of similar meaning; without it, it searches by words only. See docs/tools.md.',
    parse: embeddingBaseUrl,
  }),
  embeddingModel: setting({
    name: 'EMBEDDING_MODEL',
    unit: 'name',
    fallback: '',
    description:
      'Model that makes the vectors, such as text-embedding-3-small. If it is changed, all files are indexed again.',
    parse: optional((value: string) => value),
  }),
  embeddingApiKey: setting({
    name: 'EMBEDDING_API_KEY',
    unit: 'key',
    fallback: '',
    description: 'Key that is sent to the endpoint for embeddings as `Authorization: Bearer …`.',
    secret: true,
    parse: secretWord,
  }),
};
