/** One call as errors and logs name it: the path under the base URL, without the query. Nothing in it is secret. */
export interface RestCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
}
