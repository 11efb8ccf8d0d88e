import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** One file that the page asks for, under the name that it has in the page. */
export interface Asset {
  contentType: string;
  bytes: Buffer;
}

/** Everything but the page itself. `version` changes whenever a byte of it does, so that its URLs can be cached for good. */
export interface Assets {
  version: string;
  files: ReadonlyMap<string, Asset>;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** Reads GraphiQL's bundle (9 MB, hence not before somebody opens the page) and our own files beside it. */
export const loadAssets = async (): Promise<Assets> => {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql');
  const files = new Map<string, Asset>([
    ['graphiql.js', { contentType: JAVASCRIPT, bytes: Buffer.from(bundle.js) }],
    ['graphiql.css', { contentType: CSS, bytes: Buffer.from(bundle.css) }],
    ['editor.worker.js', { contentType: JAVASCRIPT, bytes: Buffer.from(bundle.editorWorkerService) }],
    ['json.worker.js', { contentType: JAVASCRIPT, bytes: Buffer.from(bundle.jsonWorker) }],
    ['graphql.worker.js', { contentType: JAVASCRIPT, bytes: Buffer.from(bundle.graphqlWorker) }],
    ['start.js', { contentType: JAVASCRIPT, bytes: await ownFile('start.js') }],
    ['placeholders.js', { contentType: JAVASCRIPT, bytes: await ownFile('placeholders.js') }],
    ['page.css', { contentType: CSS, bytes: await ownFile('page.css') }],
    ['icon.svg', { contentType: 'image/svg+xml', bytes: await ownFile('icon.svg') }],
  ]);
  const hash = createHash('sha256');
  for (const [name, { bytes }] of files) hash.update(`${name} ${bytes.length}\n`).update(bytes);
  return { version: hash.digest('base64url').slice(0, 16), files };
};

const ownFile = (name: string) => readFile(new URL(`./browser/${name}`, import.meta.url));
