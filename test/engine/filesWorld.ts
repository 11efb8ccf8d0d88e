import OpenAI from 'openai';
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
