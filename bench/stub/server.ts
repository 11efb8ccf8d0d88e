import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { responseTo, type StubResponse } from './responses.ts';
import type { StubReport } from './control.ts';

/**
 * The REST API that all subjects stand in front of: ready-made bodies after a delay. A second port, whose traffic is not
 * counted, takes `POST /?delayMs=20&log=true` to reset it, and `GET /` for what was asked of it since then.
 */
let delayMs = 0;
let logging = false;
let report: StubReport = { calls: 0, connections: 0, log: [] };

const api = createServer((request, response) => {
  const { method = '', url = '' } = request;
  const entry = { call: `${method} ${url}`, startMs: performance.now(), endMs: 0 };
  report.calls += 1;
  if (logging) report.log.push(entry);
  const stored = responseTo(url);
  const send = () => {
    entry.endMs = performance.now();
    response.writeHead(stored.status, headersOf(stored)).end(stored.body);
  };
  if (delayMs === 0) send();
  else setTimeout(send, delayMs);
});

const headersOf = ({ body }: StubResponse) => ({ 'content-type': 'application/json', 'content-length': body.length });

api.on('connection', (socket) => {
  report.connections += 1;
  socket.setNoDelay(true);
});
// Longer than any measurement, so that no connection is lost to it.
api.keepAliveTimeout = 600_000;

const control = createServer((request, response) => {
  if (request.method === 'POST') {
    const { searchParams } = new URL(request.url ?? '', 'http://stub');
    delayMs = Number(searchParams.get('delayMs'));
    logging = searchParams.get('log') === 'true';
    report = { calls: 0, connections: 0, log: [] };
  }
  response.setHeader('content-type', 'application/json').end(JSON.stringify(report));
});

const listening = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const [apiPort, controlPort] = [await listening(api), await listening(control)];
process.stdout.write(`listening on http://127.0.0.1:${apiPort} control http://127.0.0.1:${controlPort}\n`);
