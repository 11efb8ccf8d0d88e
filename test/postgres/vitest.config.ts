import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

const engineTests = (...names: string[]) => names.map((name) => `test/engine/${name}.test.ts`);

/** About what only SQLite has: its file, its locks, its log, its plans, and earlier versions of it. */
const ofSqlite = engineTests(
  'backup',
  'dataFile',
  'earlierVersions',
  'filesFolder',
  'ingestionJob',
  'logSync',
  'longThread',
  'lostDataFile',
  'runCost',
  'threadListCost',
);

/** About parts of the engine that know of no store. */
const withoutStore = engineTests(
  'codeInterpreterAttacks',
  'codeInterpreterSessions',
  'externalRunner',
  'fileText',
  'folderBlobStore',
  'offlineModel',
);

/** Tests that delete the lock of the data file. */
const ofDataFile = [
  'a run whose outputs cannot be stored ends its other calls, before it is claimed again',
  'a store can be searched while nothing can be written, also if its latest use is long ago',
];

/** Tests whose timers are replaced: those of the connections would be too, which then time out. */
const withFakeTimers = ['an idle stream sends a comment every fifteen seconds'];

/** The tests of the engine, on PostgreSQL, and those of what only PostgreSQL has. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [], globalSetup: [] } },
  defineConfig({
    test: {
      include: ['test/engine/**/*.test.ts', 'test/access/tenantStore.test.ts', 'test/postgres/**/*.test.ts'],
      exclude: [...ofSqlite, ...withoutStore],
      testNamePattern: new RegExp(`^(?!(?:${[...ofDataFile, ...withFakeTimers].join('|')})$)`),
      globalSetup: ['test/support/build.ts', 'test/support/postgres.ts'],
    },
  }),
);
