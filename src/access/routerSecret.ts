import { createHash, timingSafeEqual } from 'node:crypto';

/** The header that Apollo's own subgraphs take a router's secret in. */
export const ROUTER_HEADER = 'router-authorization';

/** Tells from its headers whether a request brings the secret. */
export const bringsSecret = (secret: string) => {
  const wanted = digest(secret);
  return (headers: Pick<Headers, 'get'>): boolean => timingSafeEqual(digest(headers.get(ROUTER_HEADER) ?? ''), wanted);
};

/** Of one length whatever the text, as a comparison in constant time needs it. */
const digest = (text: string) => createHash('sha256').update(text).digest();
