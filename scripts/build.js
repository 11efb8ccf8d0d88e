// Makes of the TypeScript in src JavaScript files in dist: the server, and one for each kind of thread. Types are checked by `npm run typecheck`.
// tsx could run src as it is, but starts slower and keeps the name of every function by a call at run time.
import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);

/**
 * Packages of many small ES modules, 870 in all, each of which Node would look up, read and link at every start: bundled, a start
 * takes half of the processor time. They stay dependencies, so that they are installed with their licenses, and audited.
 * Packages in CommonJS cannot be bundled into an ES module. `graphql` must not be: its objects have to be those of one copy.
 */
const BUNDLED = [
  '@envelop/*',
  '@graphql-tools/*',
  '@graphql-yoga/logger',
  '@graphql-yoga/subscription',
  '@graphql-yoga/typed-event-target',
  '@pothos/*',
  '@repeaterjs/repeater',
  '@whatwg-node/disposablestack',
  '@whatwg-node/events',
  '@whatwg-node/promise-helpers',
  '@whatwg-node/server',
  'cross-inspect',
  'graphql-ws',
  'graphql-yoga',
  'jose',
  'kysely',
  'lru-cache',
  'nanoid',
  'zod',
];

const isBundled = (specifier) =>
  BUNDLED.some((name) =>
    name.endsWith('/*') ? specifier.startsWith(name.slice(0, -1)) : `${specifier}/`.startsWith(`${name}/`),
  );

const otherPackagesExternal = {
  name: 'other packages are external',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
      kind === 'entry-point' || isBundled(path) ? undefined : { path, external: true },
    ),
};

await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: [
    'src/server.ts',
    'src/engine/search/threads/extraction.ts',
    'src/engine/search/threads/indexReader.ts',
    'src/engine/search/threads/indexWriter.ts',
  ],
  entryNames: '[name]',
  outdir: 'dist',
  bundle: true,
  plugins: [otherPackagesExternal],
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
// The files of GraphiQL's page are read at run time, from the folder of the code that serves it.
await cp(new URL('src/graphiql/browser/', root), new URL('dist/browser/', root), { recursive: true });
