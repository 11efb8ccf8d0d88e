import { assistants } from './assistants.ts';
import { capabilities } from './capabilities.ts';
import type { RestClient } from './client.ts';
import { files } from './files.ts';
import { messages } from './messages.ts';
import { runSteps } from './runSteps.ts';
import { runs } from './runs.ts';
import { threads } from './threads.ts';
import { vectorStoreFiles } from './vectorStoreFiles.ts';
import { vectorStores } from './vectorStores.ts';

/** All operations of the REST API, by resource, through one client. */
export const createRest = (client: RestClient) => ({
  known: client.known,
  capabilities: capabilities(client),
  assistants: assistants(client),
  threads: threads(client),
  messages: messages(client),
  runs: runs(client),
  runSteps: runSteps(client),
  files: files(client),
  vectorStores: vectorStores(client),
  vectorStoreFiles: vectorStoreFiles(client),
});

export type Rest = ReturnType<typeof createRest>;
