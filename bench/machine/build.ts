import { build } from 'esbuild';

const here = new URL('..', import.meta.url);

/**
 * Builds a program of the benchmark into one JavaScript file, its packages left outside, and gives the file's path. All servers
 * run built, as this project's own does: code that is translated as it loads would cost them more.
 */
export const built = async (name: string, source: URL): Promise<string> => {
  const outfile = new URL(`dist/${name}.js`, here).pathname;
  await build({
    entryPoints: [source.pathname],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
};
