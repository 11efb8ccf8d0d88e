import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import OpenAI, { APIError } from 'openai';
import type { EngineOptions } from '../../src/engine/engine.ts';
import { startOverHttp } from './overHttp.ts';

/** The official SDK, over real HTTP. */
export const startFilesSdk = async (options: Partial<EngineOptions> = {}) => {
  const { url, engine } = await startOverHttp(options);
  return { sdk: sdkAt(url), url, engine };
};

/** Without retries, so that every error is seen. */
export const sdkAt = (url: string, apiKey = 'any') => new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });

export const textFile = (text: string, name = 'notes.txt') => new File([text], name, { type: 'text/plain' });

/** The status and the message of the error with which a call of the SDK rejects. */
export const sdkErrorOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'no error',
    (error: unknown) => {
      if (error instanceof APIError) return error.message;
      throw error;
    },
  );

/** The names of the files in the folder of contents, those that are being staged included. */
export const storedIn = async (dataPath: string): Promise<string[]> => {
  const folder = `${dataPath}.files`;
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
};
