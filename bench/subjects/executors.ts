import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { assistantsGraphql } from './assistants-graphql.ts';
import type { Subject } from './subject.ts';

const root = new URL('../..', import.meta.url);

/** This project's server as `npm start` starts it, but for what executes its operations. */
export const withExecutor = (executor: 'graphql-js' | 'graphql-jit'): Subject => ({
  ...assistantsGraphql,
  name: executor,
  label: `assistants-graphql with ${executor}`,
  start: async (upstream) => ({
    ...(await assistantsGraphql.start(upstream)),
    args: [await buildWith(executor)],
  }),
});

const buildWith = async (executor: string): Promise<string> => {
  const outfile = `dist/with-${executor}.js`;
  await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: ['src/server.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    // graphql-jit is CommonJS, and of the packages it alone is built in: there must be one `graphql` only.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [inPlaceOfOurs(new URL(`../executors/${executor}.ts`, import.meta.url))],
  });
  return outfile;
};

const OWN_FILES = /^(\.|\/)/;

const inPlaceOfOurs = (executor: URL): Plugin => ({
  name: 'executor',
  setup: (building) => {
    building.onResolve({ filter: /execution\/prepared\.ts$/ }, ({ importer }) =>
      importer.includes('/bench/') ? undefined : { path: fileURLToPath(executor) },
    );
    building.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const builtIn = path === 'graphql-jit' || (importer.includes('/bench/node_modules/') && !isGraphql(path));
      return builtIn || OWN_FILES.test(path) ? undefined : { path, external: true };
    });
  },
});

const isGraphql = (path: string) => path === 'graphql' || path.startsWith('graphql/') || path.startsWith('node:');
