import { Agent } from 'undici';
import { bufferedResponse } from './bufferedResponse.ts';
import type { Fetch } from './fetch.ts';
import { streamedResponse } from './streamedResponse.ts';

export interface UndiciFetchOptions {
  /** Connections to one host at a time; further calls wait for a free one. Streams have connections of their own. */
  maxSockets: number;
  /** Bytes of one body, both as received and decompressed. */
  maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** As for cross-fetch: idle connections are closed before servers that close them after 5 seconds do so. */
const IDLE_MS = 4_000;

/** Bytes of the header of a response, as in Node's own HTTP client. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * undici's own interface, without the Request and Response of the Fetch standard. It requests no compression, but decodes
 * compressed responses.
 */
export const undiciFetch = ({ maxSockets, maxBodyBytes = MAX_BODY_BYTES }: UndiciFetchOptions): Fetch => {
  // Every call has a deadline of its own.
  const common = { keepAliveTimeout: IDLE_MS, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES };
  const calls = new Agent({ ...common, connections: maxSockets, maxResponseSize: maxBodyBytes });
  const streams = new Agent(common);

  return (url, { streaming = false, method, headers, body, upload, cancellation }) => {
    const pathStart = url.indexOf('/', url.indexOf('://') + 3);
    const request = {
      origin: url.slice(0, pathStart),
      path: url.slice(pathStart),
      method,
      headers,
      body: upload ?? body ?? null,
    };
    return streaming
      ? streamedResponse(streams, request, cancellation, maxBodyBytes)
      : bufferedResponse(calls, request, cancellation, maxBodyBytes);
  };
};
