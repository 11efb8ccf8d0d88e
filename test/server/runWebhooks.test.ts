import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { newDataPath } from '../engine/dataFiles.ts';
import { startWebhooks, webhookSecret } from '../engine/webhookServer.ts';
import { type RunningServer, runServer, startServer } from '../support/server.ts';

/** How often the server is killed. */
const rounds = Number(process.env['ROUNDS'] ?? 4);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6));

const post = async <Result>(server: RunningServer, path: string, body: object): Promise<Result> =>
  (await (await server.rest(path, { method: 'POST', body: JSON.stringify(body) })).json()) as Result;

test('after kill -9 at random moments every end of a run is reported at least once, and none that was not durable', async () => {
  process.stdout.write(`${rounds} times kill -9, by SEED=${seed}\n`);
  const webhooks = await startWebhooks((response, _call, count) =>
    count % 5 === 0 ? response.writeHead(503).end() : response.end(),
  );
  const env = { DATA_PATH: newDataPath(), RUN_WEBHOOKS: `${webhooks.url}/runs`, RUN_WEBHOOK_SECRET: webhookSecret };
  const known: RestRun[] = [];
  let assistant: RestAssistant | undefined;
  let random = seed;
  for (let round = 0; round < rounds; round += 1) {
    const server = await startServer(env);
    assistant ??= await post<RestAssistant>(server, '/assistants', { model: 'm' });
    const body = {
      assistant_id: assistant.id,
      thread: { messages: [{ role: 'user', content: 'Say these many words one by one' }] },
    };
    const killed = new AbortController();
    const client = async () => {
      while (!killed.signal.aborted) known.push(await post<RestRun>(server, '/threads/runs', body));
    };
    const clients = Promise.allSettled([client(), client(), client(), client()]);
    random = (random * 1103515245 + 12345) % 2 ** 31;
    await sleep(100 + (random % 900));
    killed.abort();
    await server.kill9();
    await clients;
  }
  expect(known.length).toBeGreaterThan(rounds);

  const server = await startServer(env);
  /** The ids of the messages by run. */
  const received = () => {
    const byRun = new Map<string, Set<string>>();
    for (const { id, body } of webhooks.calls) {
      const { run_id } = body['data'] as { run_id: string };
      byRun.set(run_id, (byRun.get(run_id) ?? new Set()).add(id));
    }
    return byRun;
  };
  const lacking = () => known.filter(({ id }) => !received().has(id)).length;
  await expect.poll(lacking, { timeout: 60_000 }).toBe(0);
  // Had an end been reported and then lost, the run would have ended again, with another message.
  expect([...received().values()].filter((ids) => ids.size !== 1)).toEqual([]);
  for (const { id, thread_id } of known) {
    const run = (await (await server.rest(`/threads/${thread_id}/runs/${id}`)).json()) as RestRun;
    expect(run.status).toBe('completed');
  }
  await server.stop();
  process.stdout.write(`${known.length} runs were reported by ${webhooks.calls.length} requests\n`);
}, 600_000);

test('the start names the hosts of run webhooks, and the log has their deliveries and no key', async () => {
  const webhooks = await startWebhooks((response) => response.end(webhookSecret));
  const url = `${webhooks.url}/runs?key=the-key-in-the-url`;
  const server = await startServer({ RUN_WEBHOOKS: url, RUN_WEBHOOK_SECRET: webhookSecret });
  const assistant = await post<RestAssistant>(server, '/assistants', { model: 'm' });
  const run = await post<RestRun>(server, '/threads/runs', { assistant_id: assistant.id });
  await expect.poll(() => server.output()).toContain(`was delivered, attempt 1: thread.run.completed of ${run.id}`);
  await server.stop();
  expect(server.output()).toMatch(new RegExp(`Run webhooks +${new URL(url).host}\n`));
  expect(server.output()).not.toContain('the-key-in-the-url');
  expect(server.output()).not.toContain(webhookSecret);
});

test.each([
  [{ RUN_WEBHOOKS: 'https://app.example' }, 'RUN_WEBHOOKS needs RUN_WEBHOOK_SECRET'],
  [{ RUN_WEBHOOKS: 'https://app.example,https://me:word@app.example' }, 'RUN_WEBHOOKS must be http or https URLs'],
  [{ RUN_WEBHOOKS: 'https://app.example,https://app.example' }, 'RUN_WEBHOOKS must be http or https URLs'],
  [
    {
      ASSISTANTS_BASE_URL: 'https://api.example/v1',
      RUN_WEBHOOKS: 'https://app.example',
      RUN_WEBHOOK_SECRET: webhookSecret,
    },
    'RUN_WEBHOOKS has no effect with ASSISTANTS_BASE_URL',
  ],
])('the server does not start with the run webhooks %j and says why', async (env, message) => {
  const { code, stderr } = await runServer(env);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('me:word');
});
