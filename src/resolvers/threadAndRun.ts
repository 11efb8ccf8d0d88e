import type { Context } from '../context/context.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import { isMissingOperation } from '../rest/errors/missingOperation.ts';
import { NotSupportedError } from '../rest/errors/notSupportedError.ts';
import { UnclearNotFoundError } from '../rest/errors/unclearNotFoundError.ts';
import type { RequestBody } from '../rest/requestBody.ts';
import type { CreateRunBody, CreateThreadAndRunBody } from '../wire/run.ts';

type Body = RequestBody<CreateThreadAndRunBody>;

/** How to create the thread and the run with one call, and a run on a thread that exists. */
interface Calls<Result> {
  readonly both: (body: Body, write: WriteOptions) => Promise<Result>;
  readonly run: (threadId: string, body: RequestBody<CreateRunBody>, write: WriteOptions) => Promise<Result>;
}

const operation = 'POST /threads/runs';

/**
 * Creates a thread and a run on it: with one call, or with two if the upstream has no operation for both, which is remembered for five
 * minutes. If the upstream then rejects the run, the thread is deleted, unless an idempotency key lets the client send the same request
 * again.
 */
export const createBoth = async <Result>(
  body: Body,
  write: WriteOptions,
  { rest }: Pick<Context, 'rest'>,
  calls: Calls<Result>,
): Promise<Result> => {
  if (!rest.known.isMissing(operation)) {
    try {
      return await calls.both(body, write);
    } catch (error) {
      if (!isMissingBoth(error)) throw error;
    }
  }
  const { thread, tool_resources: toolResources, ...run } = body;
  const ownThread = { ...thread, tool_resources: thread?.tool_resources ?? toolResources };
  const { id } = await rest.threads.create(ownThread, keyFor('thread', write));
  try {
    const result = await calls.run(id, run, keyFor('run', write));
    // Not before: the 404 may have been that of an object.
    rest.known.noteMissing(operation);
    return result;
  } catch (error) {
    if (error instanceof ApiError && write.idempotencyKey == null) await rest.threads.delete(id).catch(() => undefined);
    throw error;
  }
};

/**
 * A server without the operation may respond with a web page, or know the path as that of a thread with the id `runs`, which does
 * not exist. Only a missing assistant would be missing again.
 */
const isMissingBoth = (error: unknown): boolean => {
  if (error instanceof InvalidResponseError) return error.status === 404;
  if (error instanceof NotSupportedError || error instanceof UnclearNotFoundError) return true;
  if (!(error instanceof ApiError)) return false;
  return isMissingOperation(error) || (error.status === 404 && !/assistant/i.test(error.message));
};

/** Each of the two calls needs a key of its own. */
const keyFor = (what: string, { idempotencyKey: key }: WriteOptions): WriteOptions =>
  key == null ? {} : { idempotencyKey: `${key}-${what}` };
