import type { RestCall } from './call.ts';
import { ApiError } from './errors/apiError.ts';
import { isBareNotFound } from './errors/missingOperation.ts';
import { NotSupportedError } from './errors/notSupportedError.ts';
import { UnclearNotFoundError } from './errors/unclearNotFoundError.ts';
import type { KnownOperations } from './knownOperations.ts';
import { restOperationOf } from './operationName.ts';
import { path, type RestPath } from './path.ts';

/** The status of the response to `OPTIONS`; null if there is none that says something about the path. */
export type OptionsStatus = (of: RestPath) => Promise<number | null>;

/** A path that no server has, and two of which every server has one. */
const noPath = path`/none_probe`;
const commonPaths = [path`/assistants`, path`/threads`];

/**
 * Whether a server has a path, by `OPTIONS`, which changes nothing. FastAPI and most others respond with 405 or 200 to it if they
 * have the path for any method, and with 404 otherwise. Two other paths show whether this one does: a gateway may respond with 204 to all of
 * them, and a server without `OPTIONS` with 404. Undefined if it does not.
 */
const probed = async (of: RestPath, statusOf: OptionsStatus): Promise<boolean | undefined> => {
  const [own, none, ...common] = await Promise.all([of, noPath, ...commonPaths].map(statusOf));
  if (none !== 404 || own === null || own === undefined) return undefined;
  if (own !== 404) return true;
  return common.some((status) => status !== null && status !== 404) ? false : undefined;
};

const patternOf = (call: RestCall) => restOperationOf(call).slice(call.method.length + 1);

/**
 * What an error of a call means, if it is FastAPI's 404 for a path that it does not know: some servers have the same one for an object
 * that does not exist. It stays an ApiError of a missing object if the upstream has the path, and is a NotSupportedError if not. If that
 * cannot be found out, it is an UnclearNotFoundError. Any other error stays what it is.
 */
export const explainedNotFound = async (
  error: unknown,
  of: RestPath,
  known: KnownOperations,
  statusOf: OptionsStatus,
): Promise<unknown> => {
  if (!(error instanceof ApiError && isBareNotFound(error))) return error;
  const { call } = error;
  const exists = await known.hasPath(patternOf(call), () => probed(of, statusOf));
  if (exists === undefined) return new UnclearNotFoundError(call, { cause: error });
  if (!exists) return new NotSupportedError(call, 'this upstream does not have the operation.', { cause: error });
  const { status, type, code, param, requestId, retryAfter } = error;
  const message = 'Not Found: there is no such object.';
  return new ApiError(call, { status, type, code, param, requestId, retryAfter, message });
};
