import type { SharedDocuments } from '../pipeline/persistedQueries.ts';
import type { SharedServer } from './sharedServer.ts';

const PREFIX = 'assistants-graphql:document:';

/** How long a document is kept after it was last used, in seconds. */
const KEPT_SECONDS = 86_400;

/** Keeps documents by their hashes on a server that all replicas use. */
export const sharedDocumentsOn = (server: SharedServer): SharedDocuments => ({
  find: async (sha256Hash) => {
    const reply = await server.send('GETEX', PREFIX + sha256Hash, 'EX', String(KEPT_SECONDS));
    return typeof reply === 'string' ? reply : undefined;
  },
  keep: (sha256Hash, query) => void server.send('SET', PREFIX + sha256Hash, query, 'EX', String(KEPT_SECONDS)),
});
