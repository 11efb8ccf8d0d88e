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

const buildWith = (executor: string) =>
  buildInRoot('src/server.ts', `with-${executor}`, [
    inPlaceOfOurs(new URL(`../executors/${executor}.ts`, import.meta.url)),
  ]);

/**
 * Builds a program into `dist/`, whose packages are those of the project; graphql-jit alone is built in, since the benchmark has
 * it. There must be one `graphql` only.
 */
export const buildInRoot = async (source: string, name: string, plugins: Plugin[] = []): Promise<string> => {
  const outfile = `dist/${name}.js`;
  await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    // graphql-jit is CommonJS.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [...plugins, onlyJitBuiltIn],
  });
  return outfile;
};

const inPlaceOfOurs = (executor: URL): Plugin => ({
  name: 'executor',
  setup: (building) => {
    building.onResolve({ filter: /execution\/prepared\.ts$/ }, ({ importer }) =>
      importer.includes('/bench/') ? undefined : { path: fileURLToPath(executor) },
    );
  },
});

const onlyJitBuiltIn: Plugin = {
  name: 'packages',
  setup: (building) => {
    building.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const builtIn = path === 'graphql-jit' || (importer.includes('/bench/node_modules/') && !isGraphql(path));
      return builtIn ? undefined : { path, external: true };
    });
  },
};

const isGraphql = (path: string) => path === 'graphql' || path.startsWith('graphql/') || path.startsWith('node:');
