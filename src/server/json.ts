import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Sends JSON. `headers` may name another media type of JSON. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
) => {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
};

/** Sends an error in the envelope of the REST API, which is used for every path but those of GraphQL. */
export const sendError = (
  response: ServerResponse,
  status: number,
  message: string,
  headers?: OutgoingHttpHeaders,
  code: string | null = null,
) => {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  sendJson(response, status, { error: { message, type, param: null, code } }, headers);
};
