import type { Loaders } from './loaders/loaders.ts';
import type { Rest } from './rest/rest.ts';
import type { PageLimits } from './resolvers/pagination.ts';

/** What one request carries: whom it may speak to, and what it already knows. It ends with the request. */
export interface Context {
  rest: Rest;
  loaders: Loaders;
  limits: PageLimits;
  /** How many REST calls the request has made so far. */
  upstreamCalls: { count: number };
}
