import type { IncomingMessage, ServerResponse } from 'node:http';
import { assignRequestId } from '../access/requestId.ts';
import { restOperationOf } from '../rest/operationName.ts';
import type { Log } from './log.ts';

const ROOT = /^\/(?:v1|openai)/;

/** In characters. Paths that do not exist may have any length. */
const MAX_OPERATION_LENGTH = 100;

/** Logs a line for a request to the REST API, once its response has been sent or its client has left. */
export const logRestRequest = (
  log: Log,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): void => {
  const started = performance.now();
  response.once('close', () => {
    const { method = '' } = request;
    log.info('rest', {
      requestId: assignRequestId(request),
      operation: restOperationOf({ method, path: pathname.replace(ROOT, '') }).slice(0, MAX_OPERATION_LENGTH),
      ms: Math.round(performance.now() - started),
      status: response.headersSent ? response.statusCode : undefined,
    });
  });
};
