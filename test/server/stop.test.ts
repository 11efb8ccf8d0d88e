import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as sendRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { startServer } from '../support/server.ts';
import { raw, startUpstream } from '../support/upstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'assistants-stop-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the server with exit code 0, though a connection is kept alive',
  async (name) => {
    const server = await startServer();
    const agent = new Agent({ keepAlive: true });
    await new Promise((answered, reject) => {
      sendRequest(`${server.url}/health`, { agent }, (answer) => answer.resume().once('end', answered))
        .once('error', reject)
        .end();
    });

    server.signal(name);

    expect(await server.exited).toBe(0);
    agent.destroy();
  },
);

test('a request under way is answered before the server ends, and no new one is taken', async () => {
  const { upstream, server, release } = await withOneUnderWay();
  const answer = server.graphql('{ assistant(assistantId: "asst_1") { name } }');
  await vi.waitFor(() => expect(upstream.calls).toHaveLength(1));

  server.signal('SIGTERM');
  await vi.waitFor(() => expect(server.output()).toContain('stopping'));
  await expect(fetch(`${server.url}/health`, { headers: { connection: 'close' } })).rejects.toThrow('fetch failed');
  release();

  expect(await answer).toEqual({ data: { assistant: { name: 'Ada' } } });
  expect(await server.exited).toBe(0);
  await upstream.close();
});

test('a second signal ends the server at once', async () => {
  const { upstream, server } = await withOneUnderWay();
  const answer = server.graphql('{ assistant(assistantId: "asst_1") { name } }').catch(() => 'cut off');
  await vi.waitFor(() => expect(upstream.calls).toHaveLength(1));

  const impatient = setInterval(() => server.signal('SIGINT'), 100);

  expect(await server.exited).toBe(1);
  expect(await answer).toBe('cut off');
  clearInterval(impatient);
  await upstream.close();
});

test('an error that nobody caught is logged with an id and without keys, and ends the server with exit code 1', async () => {
  const crash = 'process.on("SIGTERM", () => { throw new Error("the key is sk-0123456789") })';
  const server = await startServer({
    ASSISTANTS_API_KEY: 'sk-0123456789',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}`,
  });

  expect(await server.stop()).toBe(1);

  expect(server.output()).toMatch(/"crashed","id":"[0-9a-f-]{36}","message":"the key is \[redacted\]"/);
  expect(server.output()).not.toContain('sk-0123456789');
});

test('what was stored is there after a stop and a new start', async () => {
  const env = { DATA_PATH: join(folder, 'kept.db') };
  const first = await startServer(env);
  const created = await first.rest('/assistants', { method: 'POST', body: '{"model":"offline","name":"Ada"}' });
  expect(created.status).toBe(200);
  expect(await first.stop()).toBe(0);

  const second = await startServer(env);
  const { data } = await second.graphql('{ assistants { nodes { name } } }');
  expect(data).toEqual({ assistants: { nodes: [{ name: 'Ada' }] } });
  await second.stop();
});

/** A server in front of an upstream that answers only when it is told to. */
const withOneUnderWay = async () => {
  const told = new AbortController();
  const released = new Promise((resolve) => told.signal.addEventListener('abort', resolve));
  const upstream = await startUpstream(() =>
    raw(async (response) => {
      await released;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'asst_1', object: 'assistant', created_at: 0, name: 'Ada' }));
    }),
  );
  const server = await startServer({ ASSISTANTS_BASE_URL: upstream.url });
  return { upstream, server, release: () => told.abort() };
};
