import { createHash, timingSafeEqual } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';

/** The header that Apollo's own subgraphs take a router's secret in. */
export const ROUTER_HEADER = 'router-authorization';

/** Tells whether a request with these headers may be answered: without a secret every one, else those that bring it. */
export const admitting = (secret: string | undefined) => {
  if (secret === undefined) return () => true;
  const wanted = digest(secret);
  return (headers: Headers): boolean => timingSafeEqual(digest(headers.get(ROUTER_HEADER) ?? ''), wanted);
};

/** Refuses every request that does not bring the router's secret: 401, before anything of it is read. */
export const routerOnly = (secret: string): Plugin => {
  const admits = admitting(secret);
  return {
    onRequest: (asked) => {
      const { request, fetchAPI } = asked;
      if (request.method === 'OPTIONS' || admits(request.headers)) return;
      const message = `This subgraph answers its router only: the header ${ROUTER_HEADER} must hold the secret that both share.`;
      const errors = [{ message, extensions: { code: 'UNAUTHENTICATED' } }];
      asked.endResponse(fetchAPI.Response.json({ errors }, { status: 401 }));
    },
  };
};

/** Of one length whatever the text, as a comparison in constant time needs it. */
const digest = (text: string) => createHash('sha256').update(text).digest();
