import type { ServerResponse } from 'node:http';
import type { Caller } from '../access/admission.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Download } from '../rest/download.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidIdError } from '../rest/errors/invalidIdError.ts';
import { NotSupportedError } from '../rest/errors/notSupportedError.ts';
import { OverloadedError } from '../rest/errors/overloadedError.ts';
import { TimeoutError } from '../rest/errors/timeoutError.ts';
import { isTemporary } from '../rest/errors/temporary.ts';
import { cancelledWith } from './cancelledWith.ts';
import { sendError } from './json.ts';
import { writable } from './writable.ts';

const CONTENT = /^\/v1\/files\/([^/]+)\/content$/;

/** The id of the file whose content is at this path; undefined for any other path. */
export const contentIdIn = (pathname: string): string | undefined => {
  const [, id] = CONTENT.exec(pathname) ?? [];
  try {
    return id === undefined ? undefined : decodeURIComponent(id);
  } catch {
    return undefined;
  }
};

/**
 * Passes on the content of a file of an external upstream, with the credentials that operations of the caller have. It is sent as an
 * attachment of no type, as by the embedded engine, so that nothing in it runs on the origin of this server.
 */
export const sendFileContent = async (
  { restFor }: Pick<Pipeline, 'restFor'>,
  caller: Caller,
  fileId: string,
  response: ServerResponse,
): Promise<void> => {
  const { files } = restFor(caller, cancelledWith(response));
  const begun = await beginning(files.content(fileId)).catch((error: unknown) => {
    const status = statusOf(error);
    if (status === undefined || !(error instanceof Error)) throw error;
    sendError(response, status, error.message);
    return undefined;
  });
  if (begun === undefined) return;
  const { disposition, length, content, first } = begun;
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': disposition?.startsWith('attachment') === true ? disposition : 'attachment',
    'x-content-type-options': 'nosniff',
    ...(length !== null && { 'content-length': length }),
  });
  if (first.done !== true && !response.write(first.value)) await writable(response);
  for await (const piece of content) if (!response.write(piece)) await writable(response);
  response.end();
};

/** The download with its first piece: if it breaks off before, the client gets an error rather than a connection that is closed. */
const beginning = async (sending: Promise<Download>) => {
  const download = await sending;
  return { ...download, first: await download.content.next() };
};

/** Undefined for an error that is not one of a REST call. */
const statusOf = (error: unknown): number | undefined => {
  if (error instanceof ApiError) return error.status;
  if (error instanceof InvalidIdError) return 400;
  if (error instanceof NotSupportedError) return 404;
  if (error instanceof OverloadedError) return 503;
  if (error instanceof TimeoutError) return 504;
  return isTemporary(error) ? 502 : undefined;
};
