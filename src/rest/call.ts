/** One REST call as errors and logs name it: the path under the base URL, without the query. It contains no secret. */
export interface RestCall {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS';
  readonly path: string;
}
