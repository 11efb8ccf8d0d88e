import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { NotAllowed } from './setting.ts';

/** https://www.apollographql.com/docs/graphos/platform/security/persisted-queries: `id` is the SHA-256 hash of `body` by default. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});

/** https://relay.dev/docs/guides/persisted-queries: documents by their ids, which are MD5 hashes by default. */
const relayMap = z.record(z.string().min(1), z.string().min(1));

const ALLOWED =
  "a persisted query manifest of Apollo's (version 1), or a JSON object of documents by their ids as Relay's compiler writes it";

/** The documents of a file by their ids; undefined if the file's name is empty. Throws NotAllowed. */
export const persistedQueriesFile = (path: string): ReadonlyMap<string, string> | undefined => {
  if (path === '') return undefined;
  const json = jsonIn(path);
  const manifest = apolloManifest.safeParse(json);
  if (manifest.success) return new Map(manifest.data.operations.map(({ id, body }) => [id, body]));
  const map = relayMap.safeParse(json);
  if (map.success) return new Map(Object.entries(map.data));
  throw new NotAllowed(ALLOWED);
};

const jsonIn = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? 'it is no JSON' : error instanceof Error ? error.message : String(error);
    throw new NotAllowed(`${ALLOWED} (${reason})`);
  }
};
