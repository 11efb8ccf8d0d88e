import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI, { APIError } from 'openai';
import type { EngineOptions } from '../../src/engine/engine.ts';
import { testServerUrl } from '../support/databases.ts';
import { startOverHttp } from './overHttp.ts';
import { changeStored, storedRows } from './storedData.ts';

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

/** The SHA-256 of the contents that are kept, and something for each that is being staged. */
export const storedIn = async (dataPath: string): Promise<string[]> => {
  if (testServerUrl() !== undefined) {
    // Those that were removed remain for downloads: they have a size and no SHA-256.
    const contents =
      'select coalesce(sha256, id::text) as name from contents where sha256 is not null or bytes is null';
    return ((await storedRows(dataPath, contents)) as { name: string }[]).map(({ name }) => name);
  }
  return filesIn(`${dataPath}.files`);
};

/** The names of the files in a folder and its subfolders, of which a server may remove some meanwhile. */
const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = await Promise.all(
    entries.map(async (entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [entry.name])),
  );
  return names.flat();
};

/** Makes contents look as if the servers that were writing them had ended long ago. With SQLite a server knows that no other is writing. */
export const endHolds = async (dataPath: string): Promise<void> => {
  const statement = "update contents set held_at = held_at - interval '11 minutes'";
  if (testServerUrl() !== undefined) await changeStored(dataPath, statement);
};
