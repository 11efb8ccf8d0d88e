/** What a PostgreSQL URL leads to, for messages: without user, password and parameters. */
export const databaseNameOf = (databaseUrl: string): string => {
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const host = hostname || searchParams.get('host') || 'localhost';
  const name = decodeURIComponent(pathname.slice(1));
  const database = name === '' ? 'the database of its user' : `the database ${name}`;
  return `${database} at ${host}:${port || searchParams.get('port') || '5432'}`;
};
