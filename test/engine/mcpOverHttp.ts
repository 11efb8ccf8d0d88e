import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { onTestFinished } from 'vitest';
import { testServer } from './mcpTestServer.ts';

export const httpKey = 'Bearer the-key-of-the-http-server';

/** The server of the tests with the streamable HTTP transport. It rejects requests without `httpKey`, and sessions that it does not know. */
export const startMcpOverHttp = async () => {
  const lines: string[] = [];
  /** Statuses of the next responses, which are pages of HTML. */
  const pages: number[] = [];
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer((request, response) => {
    void (async () => {
      if (request.headers.authorization !== httpKey) {
        response.writeHead(401).end(`not ${httpKey}`);
        return;
      }
      const status = pages.shift();
      if (status !== undefined) {
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>');
        return;
      }
      const id = request.headers['mcp-session-id'];
      const known = sessions.get(String(id));
      if (id !== undefined && known === undefined) {
        response.writeHead(404).end('no such session');
        return;
      }
      const transport =
        known ??
        new StreamableHTTPServerTransport({
          sessionIdGenerator: () => randomUUID(),
          onsessioninitialized: (created) => {
            lines.push('session began');
            sessions.set(created, transport);
          },
          onsessionclosed: () => void lines.push('session ended'),
        });
      if (known === undefined) {
        const server = testServer(
          (line) => lines.push(line),
          () => lines.includes('crashed'),
          () => http.closeAllConnections(),
        );
        await server.connect(transport);
      }
      await transport.handleRequest(request, response);
    })();
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    lines,
    /** Responds to the next requests with pages of HTML that have these statuses. */
    respondWithPages: (...statuses: number[]) => pages.push(...statuses),
    /** As after a restart of the server. */
    forgetSessions: () => sessions.clear(),
  };
};
