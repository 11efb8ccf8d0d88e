import { performance } from 'node:perf_hooks';
import { turnForText } from '../../turns.ts';
import { HttpError, httpErrors } from '../httpErrors.ts';
import { newRequestId } from '../ids.ts';
import type { Store } from '../store/store.ts';
import { UnknownCursorError } from '../store/access/page.ts';
import { StoreBusyError } from '../store/busy.ts';
import { StoreWriteError } from '../store/writeError.ts';
import { assistantRoutes } from './assistants.ts';
import type { EngineRequest, EngineResponse, JsonResponse } from '../engineRequest.ts';
import { fileBatchRoutes } from './fileBatches.ts';
import { fileRoutes } from './files.ts';
import { jsonText } from './jsonText.ts';
import { messageRoutes } from './messages.ts';
import { modelRoutes } from './models.ts';
import type { RouteResult } from './route.ts';
import { checkId, router } from './router.ts';
import { runRoutes } from './runs.ts';
import type { RouteDependencies } from './routeDependencies.ts';
import type { Tenant } from '../tenant.ts';
import { stepRoutes } from './steps.ts';
import { threadRoutes } from './threads.ts';
import { vectorStoreFileRoutes } from './vectorStoreFiles.ts';
import { vectorStoreRoutes } from './vectorStores.ts';
import { uploadRoutes } from './uploads.ts';

const match = router([
  ...assistantRoutes,
  ...runRoutes,
  ...stepRoutes,
  ...messageRoutes,
  ...threadRoutes,
  ...modelRoutes,
  ...fileRoutes,
  ...vectorStoreRoutes,
  ...vectorStoreFileRoutes,
  ...fileBatchRoutes,
  ...uploadRoutes,
]);

/** Whether the body of such a request is read as it arrives, and limited by the engine. */
export const streamsBody = (method: string, pathname: string): boolean => {
  try {
    return match(method, pathname).route.streamsBody === true;
  } catch (error) {
    if (error instanceof HttpError) return false;
    throw error;
  }
};

/** @throws {HttpError} 400 if version 2 is not among the versions in the header. */
const checkBeta = (header: string | null) => {
  const named = (header ?? '').split(',').map((value) => value.trim());
  if (named.includes('assistants=v2')) return;
  throw named.includes('assistants=v1') ? httpErrors.betaDeprecated() : httpErrors.betaMissing();
};

const resultOf = async (request: EngineRequest, dependencies: RouteDependencies): Promise<RouteResult> => {
  const url = new URL(request.url);
  const { route, params, needsBeta } = match(request.method, url.pathname);
  if (needsBeta) checkBeta(request.headers.get('openai-beta'));
  try {
    return await route.handle(request, params, url, dependencies);
  } catch (error) {
    // Imported objects may have any id. One that does not exist and cannot be an id of the API gets the API's error.
    if (error instanceof HttpError && error.status === 404) {
      for (const [param, id] of Object.entries(params)) checkId(param, id);
    }
    throw error;
  }
};

const errorFor = (error: unknown, requestId: string, closing: AbortSignal, log: (line: string) => void): HttpError => {
  if (error instanceof HttpError) return error;
  if (error instanceof UnknownCursorError) return httpErrors.unknownCursor(error.param, error.id);
  if (error instanceof StoreWriteError) {
    const { cause } = error;
    if (cause instanceof Error) log(`request ${requestId} was not written: ${cause.name}: ${cause.message}`);
    if (error instanceof StoreBusyError) return httpErrors.overloaded(error.message);
    return httpErrors.notWritten(error.status, error.message);
  }
  if (closing.aborted) return httpErrors.closing(); // The store is closed, so that anything can fail.
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log(`request ${requestId} failed: ${trace.replaceAll(/\n\s*/gu, ' ')}`);
  return httpErrors.internal(requestId);
};

interface HandlerDependencies extends Omit<RouteDependencies, 'store'> {
  readonly store: Pick<Store, 'forTenant'>;
}

const jsonResponse = (status: number, text: string, headers: Readonly<Record<string, string>>): JsonResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  text,
});

/** The engine's request handler: runs the route that matches, and returns errors in the API's envelope. Never rejects. */
export const createRequestHandler =
  ({ store, ...dependencies }: HandlerDependencies, log: (line: string) => void) =>
  async (request: EngineRequest, tenant: Tenant): Promise<EngineResponse> => {
    const started = performance.now();
    const requestId = request.headers.get('x-request-id') ?? newRequestId();
    const headersOf = (own: Record<string, string> | undefined) => ({
      'x-request-id': requestId,
      'openai-version': '2020-10-01',
      'openai-processing-ms': String(Math.round(performance.now() - started)),
      ...own,
    });
    try {
      if (dependencies.closing.aborted) throw httpErrors.closing();
      const result = await resultOf(request, { ...dependencies, store: store.forTenant(tenant) });
      if ('events' in result) return { status: 200, headers: headersOf(result.headers), events: result.events };
      if (!(result instanceof Response)) {
        const text = await jsonText(result.json);
        await turnForText(text.length);
        return jsonResponse(200, text, headersOf(result.headers));
      }
      for (const [name, value] of Object.entries(headersOf(undefined))) result.headers.set(name, value);
      return result;
    } catch (error) {
      const { status, body, headers } = errorFor(error, requestId, dependencies.closing, log);
      return jsonResponse(status, JSON.stringify(body), headersOf(headers));
    }
  };
