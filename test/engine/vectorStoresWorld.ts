import type OpenAI from 'openai';
import type { EngineOptions } from '../../src/engine/engine.ts';
import { startFilesSdk, textFile } from './filesWorld.ts';

type SearchSettings = Omit<OpenAI.VectorStores.VectorStoreSearchParams, 'query'>;

/** The SDK with a vector store that has the given files, by their names. */
export const startWithFiles = async (files: Record<string, string> = {}, options: Partial<EngineOptions> = {}) => {
  const world = await startFilesSdk({ sweepIntervalMs: 50, ...options });
  const { sdk } = world;
  const { id: storeId } = await sdk.vectorStores.create({ name: 'notes' });
  const uploads = Object.entries(files).map(([name, text]) => textFile(text, name));
  if (uploads.length > 0) await sdk.vectorStores.fileBatches.uploadAndPoll(storeId, { files: uploads });
  return {
    ...world,
    storeId,
    search: (query: string | string[], settings: SearchSettings = {}) => searchIn(sdk, storeId, query, settings),
  };
};

/** The names of the files that are found, best first. */
export const searchIn = async (
  sdk: OpenAI,
  storeId: string,
  query: string | string[],
  settings: SearchSettings = {},
): Promise<string[]> => {
  const { data } = await sdk.vectorStores.search(storeId, { query, ...settings });
  return data.map(({ filename }) => filename);
};
