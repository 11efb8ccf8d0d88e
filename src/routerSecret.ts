import { createHash, timingSafeEqual } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';

/** The header that Apollo's own subgraphs take a router's secret in. */
const HEADER = 'router-authorization';

/** Refuses every request that does not bring the router's secret: 401, before anything of it is read. */
export const routerOnly = (secret: string): Plugin => {
  const wanted = digest(secret);
  return {
    onRequest: (asked) => {
      const { request, fetchAPI } = asked;
      if (request.method === 'OPTIONS') return;
      if (timingSafeEqual(digest(request.headers.get(HEADER) ?? ''), wanted)) return;
      const message = `This subgraph answers its router only: the header ${HEADER} must hold the secret that both share.`;
      const errors = [{ message, extensions: { code: 'UNAUTHENTICATED' } }];
      asked.endResponse(fetchAPI.Response.json({ errors }, { status: 401 }));
    },
  };
};

/** Of one length whatever the text, as a comparison in constant time needs it. */
const digest = (text: string) => createHash('sha256').update(text).digest();
