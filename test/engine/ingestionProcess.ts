import { openEngine } from '../../src/engine/engine.ts';

// A process with an engine that prints the status of the files of a vector store until it is killed.
// Arguments: the id of the store. Environment: DATA_PATH or DATABASE_URL.

const [storeId = ''] = process.argv.slice(2);
const { DATA_PATH: dataPath = '', DATABASE_URL: databaseUrl } = process.env;
const engine = await openEngine({ dataPath, databaseUrl });

const report = async () => {
  const response = await engine.fetch(new Request(`http://engine.test/v1/vector_stores/${storeId}`));
  const { file_counts: counts } = (await response.json()) as { file_counts: { completed: number } };
  process.stdout.write(`${counts.completed}\n`);
};

setInterval(() => {
  report().catch((error: unknown) => process.stdout.write(`${String(error)}\n`));
}, 20);
