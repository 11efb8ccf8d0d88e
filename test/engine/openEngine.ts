import { type Engine, type EngineOptions, openEngine as openOn } from '../../src/engine/engine.ts';
import { takeDatabase, testServerUrl } from '../support/databases.ts';

/** The databases in place of data files, by their paths. */
const databases = new Map<string, string>();

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
