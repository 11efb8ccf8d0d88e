import { errorCodeOf } from '../../errorCode.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { StoreUnreachableError } from '../unreachable.ts';
import { databaseNameOf } from './databaseName.ts';

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const wrongLogin = 'refuses the user or the password in DATABASE_URL';

/** What is wrong, by the codes of PostgreSQL and of Node. Each is the end of a sentence about the database. */
const problems: Record<string, string> = {
  '28P01': wrongLogin,
  '28000': wrongLogin,
  '3D000': 'does not exist; create it, or name another one in DATABASE_URL',
  '42501': 'does not let the user in DATABASE_URL create tables; grant it CREATE on its schema',
  '53300': 'has no free connection; raise its max_connections, or lower DATABASE_POOL_SIZE',
  '57P03': 'is starting or stopping; try again',
  '25006': 'is read-only; DATABASE_URL must lead to the primary server',
  ECONNREFUSED: 'cannot be reached: nothing listens there',
  ENOTFOUND: 'cannot be reached: there is no such host',
  EAI_AGAIN: 'cannot be reached: the name of its host cannot be looked up now',
  ENOENT: 'cannot be reached: there is no such socket',
};

/** Why the server cannot start, in one line without the password. */
export const unavailableErrorOf = (error: unknown, databaseUrl: string): StoreUnavailableError => {
  if (error instanceof StoreUnavailableError) return error;
  const reason = error instanceof StoreUnreachableError ? error.cause : error;
  const problem = problems[errorCodeOf(reason) ?? ''] ?? `cannot be used: ${reasonOf(reason)}`;
  return new StoreUnavailableError(`PostgreSQL: ${databaseNameOf(databaseUrl)} ${problem}`);
};
