/** One HTTP request that does a piece of work. */
export interface WorkRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  /** The media type that is accepted; `application/json` by default. */
  readonly accept?: 'application/json' | 'text/event-stream';
  /** In addition to those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
}

type Variables = Readonly<Record<string, unknown>>;

/** A GraphQL request over HTTP, by POST. */
export const graphql = (query: string, variables: Variables = {}): WorkRequest => ({
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({ query, variables }),
});

/** The same by GET. */
export const graphqlByGet = (query: string, variables: Variables): WorkRequest => ({
  method: 'GET',
  path: `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString()}`,
});

/** The same by POST, its response as an event stream. */
export const graphqlAsEvents = (query: string, variables: Variables): WorkRequest => ({
  ...graphql(query, variables),
  accept: 'text/event-stream',
});
