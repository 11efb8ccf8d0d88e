import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '../access/requestError.ts';
import type { EngineRequest } from '../engine/engineRequest.ts';
import { streamsBody } from '../engine/routes/requestHandler.ts';
import type { Log } from '../observability/log.ts';
import { logRestRequest } from '../observability/restLog.ts';
import type { Place } from '../pipeline/loadLimit.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { respondWith } from './engineHttp.ts';
import { contentIdIn, sendFileContent } from './fileContent.ts';
import { headersOf } from './headers.ts';
import { sendError } from './json.ts';
import { streamEnd } from './streamEnd.ts';
import type { StreamSlots } from './streamSlots.ts';
import type { Upstream } from './upstream.ts';

export interface RestApiOptions {
  readonly pipeline: Pipeline;
  /** The engine, served under `/v1` and `/openai`; undefined if another server is the upstream. */
  readonly engine: Upstream['handler'];
  readonly slots: StreamSlots;
  readonly log: Log;
  /** Maximum size of the body of a request that is not streamed. */
  readonly maxBodyBytes: number;
  /** Aborted once the server is being stopped. */
  readonly stopping: AbortSignal;
}

/** Whether the path is one of the REST API, as clients of OpenAI or of Azure send it. */
export const isRestPath = (pathname: string): boolean => isWithin('/v1', pathname) || isWithin('/openai', pathname);

const isWithin = (root: string, pathname: string) => pathname === root || pathname.startsWith(`${root}/`);

/**
 * Serves the REST API of the embedded engine. Over another server, it serves only the content of files, which
 * `File.contentUrl` names. Rejects with what is not for the client to know.
 */
export const serveRest = async (
  options: RestApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  place: Place | undefined,
): Promise<void> => {
  const { engine, pipeline } = options;
  logRestRequest(options.log, request, response, pathname);
  try {
    const caller = await pipeline.admit({ surface: 'rest', headers: headersOf(request) });
    const fileId = contentIdIn(pathname);
    if (engine === undefined && fileId !== undefined && request.method === 'GET') {
      return await sendFileContent(pipeline, caller, fileId, response);
    }
    if (engine === undefined) {
      return sendError(response, 404, 'The embedded engine is off, because ASSISTANTS_BASE_URL is set.');
    }
    const { maxBodyBytes, slots } = options;
    const stopping = streamEnd(options.stopping, caller, response);
    const isStreamed = streamsBody(request.method ?? '', pathname);
    const handle = async (sent: EngineRequest) => {
      // The body of a streamed one takes as long as its client needs.
      const inFlight = isStreamed || place?.isHeld === true ? place : pipeline.enter();
      try {
        return await engine(sent, caller.tenant);
      } finally {
        inFlight?.leave();
      }
    };
    return await respondWith(handle, request, response, { maxBodyBytes, streamsBody: isStreamed, slots, stopping });
  } catch (error) {
    return sendRestRefusal(error, response);
  }
};

/** Sends a refusal in the envelope of the REST API. Throws any other error. */
export const sendRestRefusal = (error: unknown, response: ServerResponse): void => {
  if (!(error instanceof RequestError)) throw error;
  sendError(response, error.status, error.message, error.headers, error.status === 401 ? 'invalid_api_key' : null);
};
