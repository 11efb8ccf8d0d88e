import type { RestCall } from './call.ts';

/**
 * The operation of a REST call, without its ids, as in `GET /threads/{id}/runs/{id}`: there are as many as operations of the
 * API. In its paths collections and ids alternate, but for `/threads/runs`.
 */
export const restOperationOf = ({ method, path }: RestCall): string => {
  if (path === '/threads/runs') return `${method} ${path}`;
  const segments = path.split('/').map((segment, index) => (index > 0 && index % 2 === 0 ? '{id}' : segment));
  return `${method} ${segments.join('/')}`;
};
