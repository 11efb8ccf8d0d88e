import { onTestFinished } from 'vitest';
import { type Engine, type EngineOptions, openEngine as openOn } from '../../src/engine/engine.ts';
import { takeDatabase, testServerUrl } from '../support/databases.ts';
import { newDataPath } from './dataFiles.ts';

/** The databases in place of data files, by their paths. */
const databases = new Map<string, string>();

/** The database in place of a data file that an engine had open. */
export const databaseOf = (dataPath: string): string => {
  const url = databases.get(dataPath);
  if (url === undefined) throw new Error(`no engine had ${dataPath} open`);
  return url;
};

const databaseFor = async (dataPath: string): Promise<{ url: string; giveBack?: () => void }> => {
  if (dataPath === ':memory:') return takeDatabase();
  const known = databases.get(dataPath);
  if (known !== undefined) return { url: known };
  const { url } = await takeDatabase();
  databases.set(dataPath, url);
  return { url };
};

/**
 * Opens an engine on the store that the tests are run for. On PostgreSQL a database takes the place of the data file: the same
 * one for the same path, and a new one for each engine in memory.
 */
export const openEngine = async (options: EngineOptions): Promise<Engine> => {
  if (testServerUrl() === undefined) return openOn(options);
  const { url, giveBack } = await databaseFor(options.dataPath);
  const engine = await openOn({ ...options, databaseUrl: url, databasePoolSize: 5 });
  let closed: Promise<void> | undefined;
  return {
    ...engine,
    close: () => {
      closed ??= engine.close().then(giveBack);
      return closed;
    },
  };
};

/** The settings of a server that uses the same store as `openEngine` does for a data path. */
export const storeSettings = async (dataPath: string): Promise<Record<string, string>> =>
  testServerUrl() === undefined ? { DATA_PATH: dataPath } : { DATABASE_URL: (await databaseFor(dataPath)).url };

/** Two engines on the same data, as two servers have them. SQLite has one server at a time, so that both are the same one there. */
export const openTwoEngines = async (options: Partial<EngineOptions> = {}): Promise<[Engine, Engine]> => {
  const dataPath = newDataPath();
  const first = await openEngine({ ...options, dataPath });
  const second = testServerUrl() === undefined ? first : await openEngine({ ...options, dataPath });
  onTestFinished(async () => {
    await Promise.all([first.close(), second.close()]);
  });
  return [first, second];
};
