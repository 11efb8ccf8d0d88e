import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Answers with JSON. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
) => {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
};

/** Answers with an error in the envelope of the REST API, which serves well for every path that is not GraphQL's. */
export const sendError = (response: ServerResponse, status: number, message: string, headers?: OutgoingHttpHeaders) => {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  sendJson(response, status, { error: { message, type, param: null, code: null } }, headers);
};
