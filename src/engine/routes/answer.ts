import { performance } from 'node:perf_hooks';
import { ApiError, apiErrors } from '../errors.ts';
import { newRequestId } from '../ids.ts';
import { UnknownCursorError } from '../store/store.ts';
import { assistantRoutes } from './assistants.ts';
import { messageRoutes } from './messages.ts';
import type { Reply } from './route.ts';
import { checkId, router } from './router.ts';
import { runRoutes } from './runs.ts';
import type { Services } from './services.ts';
import { stepRoutes } from './steps.ts';
import { threadRoutes } from './threads.ts';

const match = router([...assistantRoutes, ...runRoutes, ...stepRoutes, ...messageRoutes, ...threadRoutes]);

/** @throws {ApiError} 400 unless the header names version 2, be it among others. */
const checkBeta = (header: string | null) => {
  const named = (header ?? '').split(',').map((value) => value.trim());
  if (named.includes('assistants=v2')) return;
  throw named.includes('assistants=v1') ? apiErrors.betaDeprecated() : apiErrors.betaMissing();
};

const replyTo = async (request: Request, services: Services): Promise<Reply> => {
  const url = new URL(request.url);
  const { route, params, needsBeta } = match(request.method, url.pathname);
  if (needsBeta) checkBeta(request.headers.get('openai-beta'));
  for (const [param, id] of Object.entries(params)) checkId(param, id);
  return route.answer(request, params, url, services);
};

const refusalFor = (error: unknown, requestId: string, closing: AbortSignal, log: (line: string) => void): ApiError => {
  if (error instanceof ApiError) return error;
  if (error instanceof UnknownCursorError) return apiErrors.unknownCursor(error.param, error.id);
  if (closing.aborted) return apiErrors.closing(); // What it stood on was taken away.
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log(`request ${requestId} failed: ${trace.replaceAll(/\n\s*/gu, ' ')}`);
  return apiErrors.internal(requestId);
};

/** Answers any request: by its row of the table, or with an error in the API's envelope. */
export const answerWith =
  (services: Services, log: (line: string) => void) =>
  async (request: Request): Promise<Response> => {
    const started = performance.now();
    const requestId = newRequestId();
    const headersOf = (own: Record<string, string> | undefined) => ({
      'x-request-id': requestId,
      'openai-version': '2020-10-01',
      'openai-processing-ms': String(Math.round(performance.now() - started)),
      ...own,
    });
    try {
      if (services.closing.aborted) throw apiErrors.closing();
      const reply = await replyTo(request, services);
      if (!(reply instanceof Response)) return Response.json(reply.json, { headers: headersOf(reply.headers) });
      for (const [name, value] of Object.entries(headersOf(undefined))) reply.headers.set(name, value);
      return reply;
    } catch (error) {
      const { status, body, headers } = refusalFor(error, requestId, services.closing, log);
      return Response.json(body, { status, headers: headersOf(headers) });
    }
  };
