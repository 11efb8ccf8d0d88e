/** One HTTP request that does a piece of work. */
export interface WorkRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** A GraphQL request over HTTP. */
export const graphql = (query: string, variables: Readonly<Record<string, unknown>> = {}): WorkRequest => ({
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({ query, variables }),
});
