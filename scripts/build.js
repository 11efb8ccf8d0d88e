// Makes of the TypeScript in src JavaScript files in dist: the server, and one for each kind of thread. Types are checked by `npm run typecheck`.
// tsx could run src as it is, but starts slower and keeps the name of every function by a call at run time.
import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);

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
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
// The files of GraphiQL's page are read at run time, from the folder of the code that serves it.
await cp(new URL('src/graphiql/browser/', root), new URL('dist/browser/', root), { recursive: true });
