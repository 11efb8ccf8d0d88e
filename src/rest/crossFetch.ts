import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { fetch } from 'cross-fetch';
import { isCutOff, responseText } from './bodyText.ts';
import { systemError } from './failure.ts';
import { BODY_TOO_LARGE, type Fetch } from './fetch.ts';

export interface CrossFetchOptions {
  /** Connections to one host at a time; further calls wait for a free one. Streams have connections of their own. */
  maxSockets: number;
  /** Bytes of one body, decompressed. */
  maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Many servers close idle connections after 5 seconds, and not all announce it. A POST that is sent just then cannot be
 * retried, so idle connections are closed earlier.
 */
const IDLE_MS = 4_000;

/** cross-fetch over a limited number of keep-alive connections. */
export const crossFetch = ({ maxSockets, maxBodyBytes = MAX_BODY_BYTES }: CrossFetchOptions): Fetch => {
  let latest: Watch | undefined;
  const note = (request: http.ClientRequest) => {
    latest = watchOf(request);
  };
  const agents = (options: http.AgentOptions) => ({
    http: noting(new http.Agent({ keepAlive: true, timeout: IDLE_MS, ...options }), note),
    https: noting(new https.Agent({ keepAlive: true, timeout: IDLE_MS, ...options }), note),
  });
  const forCalls = agents({ maxSockets });
  const forStreams = agents({});

  return async (url, { streaming = false, cancellation, upload, ...init }) => {
    const nodeInit = {
      ...init,
      signal: cancellation.signal,
      agent: (streaming ? forStreams : forCalls)[url.startsWith('https:') ? 'https' : 'http'],
      redirect: 'manual' as const,
      size: maxBodyBytes,
    };
    // Typed as by browsers, but Node streams are sent too.
    if (upload !== undefined) Object.assign(nodeInit, { body: upload });
    const responding = fetch(url, nodeInit); // passes its request to the agent before it returns
    const watch = latest;
    const response = await responding;
    // Typed as a web stream, but a Node one.
    const body: unknown = response.body;
    if (!(body instanceof Readable)) throw new Error('cross-fetch returned a body that is not a Node stream');
    watch?.onCut((error) => body.destroy(error));
    return {
      status: response.status,
      headers: response.headers,
      body,
      text: () =>
        isCutOff(response.status)
          ? responseText(response.status, maxBodyBytes, body)
          : response.text().catch(withSizeCode),
    };
  };
};

declare module 'http' {
  interface Agent {
    addRequest(request: ClientRequest, ...rest: unknown[]): void;
  }
}

type Watch = ReturnType<typeof watchOf>;

const noting = <Kind extends http.Agent>(agent: Kind, note: (request: http.ClientRequest) => void): Kind => {
  const add = agent.addRequest.bind(agent);
  agent.addRequest = (request, ...rest) => {
    note(request);
    add(request, ...rest);
  };
  return agent;
};

/**
 * Detects a response that breaks off, which node-fetch 2.7 gets wrong twice: it never notices it if there is a
 * Content-Length, and then waits for ever; and if there is none and the socket already serves the next call, it reports a
 * complete chunked response as broken off. So the header that marks a response as chunked is removed: the agent, and so
 * this listener, sees the request before node-fetch does.
 */
const watchOf = (request: http.ClientRequest) => {
  let message: http.IncomingMessage | undefined;
  request.once('response', (incoming) => {
    message = incoming;
    delete incoming.headers['transfer-encoding'];
  });
  return {
    onCut(cut: (error: Error) => void) {
      const check = () => {
        if (message?.complete === false) cut(systemError('ERR_STREAM_PREMATURE_CLOSE'));
      };
      if (message?.closed === true) check();
      else message?.once('close', check);
    },
  };
};

const withSizeCode = (error: unknown): never => {
  throw error instanceof Error && 'type' in error && error.type === 'max-size' ? systemError(BODY_TOO_LARGE) : error;
};
