import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal, type UpstreamCall } from '../support/upstream.ts';
import { frame, openStream, run, silence } from './eventStream.ts';
import { subscription, type Transport, transports } from './subscription.ts';

const create = (threadId: string) =>
  `subscription { createRunStream(input: { threadId: "${threadId}", assistantId: "asst_1" }) { event } }`;

/** Streams on one thread, silence on another; runs can be read, and their events cannot. */
const upstream = ({ method, path }: UpstreamCall) => {
  if (path === '/threads/talking/runs') return openStream(frame('thread.run.queued', run('queued'))).response;
  if (path === '/threads/silent/runs') return silence().response;
  if (path.endsWith('/events')) return refusal(404, 'Invalid URL');
  if (path.endsWith('/steps')) return { data: [], has_more: false };
  return method === 'GET' ? run('in_progress') : run('queued');
};

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

test('no work remains for clients that have disconnected, however they did', { timeout: 60_000 }, async () => {
  const { url, upstream: asked } = await startFacade(upstream, { pollMinMs: 10, pollMaxMs: 10 });
  const before = { timers: timers(), sockets: sockets() };

  const leaveAfterOne = async (transport: Transport, query: string) => {
    const results = subscription(transport, url, { query });
    expect(await results.next()).toMatchObject({ value: { data: {} } });
    await results.return();
  };
  const leaveEarly = async (transport: Transport, query: string) => {
    const results = subscription(transport, url, { query });
    const first = results.next().catch(() => undefined);
    await sleep(Math.random() * 30);
    await results.return();
    await first;
  };
  const waiting = async () => {
    const leaving = new AbortController();
    const response = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'mutation { createRun(input: { threadId: "t", assistantId: "a", waitSeconds: 60 }) { run { status } } }',
      }),
      signal: leaving.signal,
    }).catch(() => undefined);
    await sleep(50);
    leaving.abort();
    await response;
  };
  const queries = [
    create('talking'),
    'subscription { runUpdates(threadId: "t", runId: "r") { status } }',
    'subscription { runEvents(threadId: "t", runId: "r") { event } }',
  ];
  for (let round = 0; round < 10; round += 1) {
    await Promise.all([
      waiting(),
      ...transports.flatMap((transport) => [
        ...queries.map((query) => leaveAfterOne(transport, query)),
        ...[...queries, create('silent')].map((query) => leaveEarly(transport, query)),
      ]),
    ]);
  }
  expect(asked.calls.length).toBeGreaterThan(100);
  // Connections are kept alive for a few seconds. What the start of this process left may have ended too.
  const added = () => ({ timers: timers() - before.timers, sockets: sockets() - before.sockets });
  await expect.poll(() => Math.max(...Object.values(added())), { timeout: 30_000 }).toBeLessThanOrEqual(0);
});
