import { NotAllowed } from './setting.ts';

/** Whether percent-encoding in it can be decoded. */
export const isDecodable = (text: string) => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** A URL of a PostgreSQL database, as libpq and `pg` read it. */
export const postgresUrl = (value: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPostgres = url !== undefined && ['postgres:', 'postgresql:'].includes(url.protocol);
  if (isPostgres && isDecodable(url.password) && isDecodable(url.pathname)) return value;
  throw new NotAllowed('a URL such as postgres://user:password@host:5432/name');
};

/** The passwords in such a URL, as they are written in it and as they are. */
export const passwordsIn = (databaseUrl: string | undefined): string[] => {
  if (databaseUrl === undefined) return [];
  const { password, searchParams } = new URL(databaseUrl);
  const given = [password, decodeURIComponent(password), searchParams.get('password') ?? ''];
  return given.filter((each) => each !== '');
};
