import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Asset, loadAssets } from './assets.ts';
import { tour } from './tour.ts';

/** The part of an HTTP request that is needed. A header that is absent is ''. */
export interface GraphiqlRequest {
  method: string;
  /** Without a slash at its end. */
  pathname: string;
  accept: string;
  acceptEncoding: string;
  ifNoneMatch?: string | undefined;
}

/** An HTTP response. `body` is empty for a 304. */
export interface GraphiqlResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

interface Site {
  page: Served;
  /** By path, `graphqlPath` included. */
  assets: ReadonlyMap<string, Served>;
}

interface Served extends Asset {
  etag: string;
  headers: Record<string, string>;
  /** Compressed when first requested, off the event loop. */
  gzipped?: Promise<Buffer>;
}

/**
 * Serves GraphiQL and its assets to browsers; null for any other request. Files are read on the first request, compressed when
 * first requested, and kept for the life of the process.
 */
export const createGraphiql = ({ graphqlPath }: { graphqlPath: string }) => {
  let site: Promise<Site> | undefined;
  return (request: GraphiqlRequest): Promise<GraphiqlResponse> | null => {
    const { method, pathname, accept } = request;
    if (method !== 'GET') return null;
    const wantsPage = pathname === graphqlPath && accept.includes('text/html');
    if (!wantsPage && !pathname.startsWith(`${graphqlPath}/assets/`)) return null;
    site ??= loadSite(graphqlPath);
    return site.then(({ page, assets }) => {
      const served = wantsPage ? page : assets.get(pathname);
      return served === undefined ? noSuchAsset() : respondWith(served, request);
    });
  };
};

const loadSite = async (graphqlPath: string): Promise<Site> => {
  const { version, files } = await loadAssets();
  const assets = [...files].map(
    ([name, asset]) => [`${graphqlPath}/assets/${version}/${name}`, withHeaders(asset, ASSET_HEADERS)] as const,
  );
  // A relative URL, which also works behind a proxy that serves the page under another path.
  const html = pageHtml(`${graphqlPath.slice(graphqlPath.lastIndexOf('/') + 1)}/assets/${version}`);
  const page = { contentType: 'text/html; charset=utf-8', bytes: Buffer.from(html) };
  return { page: withHeaders(page, PAGE_HEADERS), assets: new Map(assets) };
};

const ASSET_HEADERS = { 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' };

const PAGE_HEADERS = {
  'cache-control': 'no-cache',
  vary: 'accept, accept-encoding',
  'referrer-policy': 'no-referrer',
  // No requests to other origins. The editor adds style elements at run time.
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; '),
};

const withHeaders = (asset: Asset, headers: Record<string, string>): Served => {
  const etag = createHash('sha256').update(asset.bytes).digest('base64url').slice(0, 22);
  return { ...asset, etag, headers: { ...headers, 'x-content-type-options': 'nosniff' } };
};

const respondWith = async (
  served: Served,
  { acceptEncoding, ifNoneMatch }: GraphiqlRequest,
): Promise<GraphiqlResponse> => {
  const zipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(acceptEncoding);
  // Each encoding is a representation with its own entity tag.
  const etag = zipped ? `"${served.etag}-gzip"` : `"${served.etag}"`;
  const headers = { ...served.headers, etag };
  if (ifNoneMatch?.includes(etag)) return { status: 304, headers, body: Buffer.alloc(0) };
  const body = zipped ? await (served.gzipped ??= compress(served.bytes)) : served.bytes;
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': served.contentType,
      'content-length': String(body.length),
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    },
    body,
  };
};

const compress = promisify<Buffer, Buffer>(gzip);

/** A page that was opened before an update of the server requests assets that no longer exist. */
const noSuchAsset = (): GraphiqlResponse => ({
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: Buffer.from('This asset does not exist. Reload the page: the server may have been updated.\n'),
});

const pageHtml = (assets: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>assistants-graphql</title>
    <link rel="icon" href="${assets}/icon.svg">
    <link rel="stylesheet" href="${assets}/graphiql.css">
    <link rel="stylesheet" href="${assets}/page.css">
    <script src="${assets}/graphiql.js" defer></script>
    <script src="${assets}/start.js" type="module"></script>
    <script id="tour" type="application/json">${JSON.stringify(tour).replaceAll('<', '\\u003c')}</script>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
  </body>
</html>
`;
