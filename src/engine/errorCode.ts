/** The code of an error, such as `ENOENT` or `SQLITE_BUSY`; undefined if it has none. Numbers, as of JSON-RPC, become text. */
export const errorCodeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
};
