import { createHash, timingSafeEqual } from 'node:crypto';
import type { EntryCheck } from './entry.ts';
import { requestError } from './requestError.ts';

export interface RouterOptions {
  /** What a router must send with every GraphQL request; undefined accepts every client. */
  readonly routerSecret?: string | undefined;
}

/** The header in which Apollo's subgraphs expect their router's secret. */
export const ROUTER_HEADER = 'router-authorization';

/** Refuses GraphQL requests that do not bring the router's secret. */
export const routerCheck = ({ routerSecret }: RouterOptions): EntryCheck => {
  if (routerSecret === undefined) return () => {};
  const expected = digest(routerSecret);
  return ({ surface, headers }) => {
    if (surface !== 'graphql' || timingSafeEqual(digest(headers.get(ROUTER_HEADER) ?? ''), expected)) return;
    const message = `This subgraph accepts requests from its router only: ${ROUTER_HEADER} must hold the secret that both share.`;
    throw requestError(401, 'UNAUTHENTICATED', message);
  };
};

/** Of one length for any text, which the comparison in constant time requires. */
const digest = (text: string) => createHash('sha256').update(text).digest();
