import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { fetch } from 'cross-fetch';

import { systemError } from './failure.ts';
import { BODY_TOO_LARGE, type Fetch } from './transport.ts';

export interface CrossFetchOptions {
  /** Connections to one host at a time; further calls wait for one to be free. Streams have connections of their own. */
  maxSockets: number;
  /** Bytes of one body after decompression. */
  maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Many servers close an idle connection after 5 seconds and not all of them say so. A POST that meets the closing cannot
 * be tried again, so connections are let go before that.
 */
const IDLE_MS = 4_000;

/** cross-fetch over kept-alive connections, bounded in number. */
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

  return async (url, { streaming = false, abandonment, ...init }) => {
    const nodeInit = {
      ...init,
      signal: abandonment.signal,
      agent: (streaming ? forStreams : forCalls)[url.startsWith('https:') ? 'https' : 'http'],
      redirect: 'manual' as const,
      size: maxBodyBytes,
    };
    const answering = fetch(url, nodeInit); // hands its request to the agent before it returns
    const watch = latest;
    const response = await answering;
    // Typed as a web stream, but a Node one.
    const body: unknown = response.body;
    if (!(body instanceof Readable)) throw new Error('cross-fetch gave a body that is not a Node stream');
    watch?.whenCut((error) => body.destroy(error));
    return {
      status: response.status,
      headers: response.headers,
      body,
      text: () => response.text().catch(explainSize),
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
 * Notices a message that breaks off, in place of node-fetch 2.7. That does not look at one with a Content-Length, whose
 * body then waits for ever; and of a chunked one whose socket went straight on to a waiting call, it believes that it
 * broke off when it did not. So it is not told that a message is chunked: the
 * agent, and with it this listener, sees the request before node-fetch listens to it.
 */
const watchOf = (request: http.ClientRequest) => {
  let message: http.IncomingMessage | undefined;
  request.once('response', (incoming) => {
    message = incoming;
    delete incoming.headers['transfer-encoding'];
  });
  return {
    whenCut(cut: (error: Error) => void) {
      const check = () => {
        if (message?.complete === false) cut(systemError('ERR_STREAM_PREMATURE_CLOSE'));
      };
      if (message?.closed === true) check();
      else message?.once('close', check);
    },
  };
};

const explainSize = (error: unknown): never => {
  throw error instanceof Error && 'type' in error && error.type === 'max-size' ? systemError(BODY_TOO_LARGE) : error;
};
