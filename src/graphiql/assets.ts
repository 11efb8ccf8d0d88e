import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A file that the page loads. */
export interface Asset {
  contentType: string;
  bytes: Buffer;
}

/** The files of the page, by name. `version` is a hash of their content, so that their URLs can be cached forever. */
export interface Assets {
  version: string;
  files: ReadonlyMap<string, Asset>;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** Reads GraphiQL's bundle, which is 9 MB and therefore loaded only when the page is opened, and our own files. */
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
    ['uploads.js', { contentType: JAVASCRIPT, bytes: await ownFile('uploads.js') }],
    ['page.css', { contentType: CSS, bytes: await ownFile('page.css') }],
    ['icon.svg', { contentType: 'image/svg+xml', bytes: await ownFile('icon.svg') }],
  ]);
  const hash = createHash('sha256');
  for (const [name, { bytes }] of files) hash.update(`${name} ${bytes.length}\n`).update(bytes);
  return { version: hash.digest('base64url').slice(0, 16), files };
};

const ownFile = (name: string) => readFile(new URL(`./browser/${name}`, import.meta.url));
