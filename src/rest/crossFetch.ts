import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { fetch } from 'cross-fetch';

import { BODY_TOO_LARGE, type Fetch } from './transport.ts';

export interface CrossFetchOptions {
  /** Connections to one host at a time; further calls wait for one to be free. */
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
  let sent: http.ClientRequest | undefined;
  const note = (request: http.ClientRequest) => {
    sent = request;
  };
  const agentOptions = { keepAlive: true, maxSockets, timeout: IDLE_MS };
  const plain = noting(new http.Agent(agentOptions), note);
  const secure = noting(new https.Agent(agentOptions), note);

  return async (url, init) => {
    const nodeInit = {
      ...init,
      agent: url.startsWith('https:') ? secure : plain,
      redirect: 'manual' as const,
      size: maxBodyBytes,
    };
    sent = undefined;
    const answering = fetch(url, nodeInit); // hands its request to the agent before it returns
    const message = sent === undefined ? undefined : messageOf(sent);
    const response = await answering;
    // Typed as a web stream, but a Node one.
    const body: unknown = response.body;
    if (!(body instanceof Readable)) throw new Error('cross-fetch gave a body that is not a Node stream');
    message?.whenCut((error) => body.destroy(error));
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

const noting = <Kind extends http.Agent>(agent: Kind, note: (request: http.ClientRequest) => void): Kind => {
  const add = agent.addRequest.bind(agent);
  agent.addRequest = (request, ...rest) => {
    note(request);
    add(request, ...rest);
  };
  return agent;
};

/**
 * node-fetch 2.7 pipes the message into its body and does not notice when the message ends short of its Content-Length:
 * the body then waits for ever. So the message itself is watched.
 */
const messageOf = (request: http.ClientRequest) => {
  let incoming: http.IncomingMessage | undefined;
  request.once('response', (message) => {
    incoming = message;
  });
  return {
    whenCut(cut: (error: Error) => void) {
      const message = incoming;
      if (message === undefined) return;
      const check = () => {
        if (!message.complete) cut(Object.assign(new Error('premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' }));
      };
      if (message.closed) check();
      else message.once('close', check);
    },
  };
};

const explainSize = (error: unknown): never => {
  if (error instanceof Error && 'type' in error && error.type === 'max-size') {
    throw Object.assign(new Error('body too large'), { code: BODY_TOO_LARGE });
  }
  throw error;
};
