/**
 * The operation of a REST call, without its ids, as in `GET /threads/{id}/runs/{id}`: there are as many as operations of the
 * API. In its paths collections and ids alternate, but for `/threads/runs`.
 */
export const restOperationOf = ({ method, path }: { readonly method: string; readonly path: string }): string => {
  if (path === '/threads/runs') return `${method} ${path}`;
  let name = `${method} `;
  let isId = false;
  // By hand, since it is done for each call: `split`, `map` and `join` take four times as long.
  for (let start = 0; start < path.length; isId = !isId) {
    const slash = path.indexOf('/', start + 1);
    const end = slash === -1 ? path.length : slash;
    name += isId ? '/{id}' : path.slice(start, end);
    start = end;
  }
  return name;
};
