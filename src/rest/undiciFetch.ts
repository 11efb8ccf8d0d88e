import { Agent } from 'undici';
import type { Fetch } from './transport.ts';
import { streamedAnswer } from './streamedAnswer.ts';
import { wholeAnswer } from './wholeAnswer.ts';

export interface UndiciFetchOptions {
  /** Connections to one host at a time; further calls wait for one to be free. Streams have connections of their own. */
  maxSockets: number;
  /** Bytes of one body. */
  maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** As for cross-fetch: connections are let go before servers that close idle ones after 5 seconds do so. */
const IDLE_MS = 4_000;

/**
 * undici's own interface, without the Request and Response of the Fetch standard. It asks for no compression, but reads
 * what comes compressed all the same.
 */
export const undiciFetch = ({ maxSockets, maxBodyBytes = MAX_BODY_BYTES }: UndiciFetchOptions): Fetch => {
  // Every call has a deadline of its own.
  const common = { keepAliveTimeout: IDLE_MS, headersTimeout: 0, bodyTimeout: 0 };
  const calls = new Agent({ ...common, connections: maxSockets, maxResponseSize: maxBodyBytes });
  const streams = new Agent(common);

  return (url, { streaming = false, method, headers, body = null, abandonment }) => {
    const pathStart = url.indexOf('/', url.indexOf('://') + 3);
    const request = { origin: url.slice(0, pathStart), path: url.slice(pathStart), method, headers, body };
    return streaming
      ? streamedAnswer(streams, request, abandonment, maxBodyBytes)
      : wholeAnswer(calls, request, abandonment, maxBodyBytes);
  };
};
