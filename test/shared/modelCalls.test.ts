import { expect, onTestFinished, test } from 'vitest';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { reply, startUpstream } from '../support/upstream.ts';
import { replicaOf, startRedis } from './redisServer.ts';

const chunk = (choice: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] })}\n\n`;
const completion =
  chunk({ index: 0, delta: { role: 'assistant', content: 'Hello.' }, finish_reason: null }) +
  chunk({ index: 0, delta: {}, finish_reason: 'stop' }) +
  'data: [DONE]\n\n';

/** A run on a new thread, and what reads it. */
const startRun = async (server: RunningServer) => {
  const post = async <Result>(path: string, body: object): Promise<Result> =>
    (await (await server.rest(path, { method: 'POST', body: JSON.stringify(body) })).json()) as Result;
  const { id } = await post<RestAssistant>('/assistants', { model: 'm' });
  const thread = { messages: [{ role: 'user', content: 'Hello' }] };
  const run = await post<RestRun>('/threads/runs', { assistant_id: id, thread });
  return async () => {
    const response = await server.rest(`/threads/${run.thread_id}/runs/${run.id}`);
    return ((await response.json()) as RestRun).status;
  };
};

test('two servers with REDIS_URL make one model call a minute if that is the limit, and the second run waits', async () => {
  const redis = await startRedis();
  const models = await startUpstream({
    'GET /models': { object: 'list', data: [{ id: 'm', object: 'model', created: 1, owned_by: 'x' }] },
    'POST /chat/completions': reply({ headers: { 'content-type': 'text/event-stream' }, body: completion }),
  });
  onTestFinished(() => models.close());
  const env = { REDIS_URL: redis.url, MODEL_BASE_URL: models.url, MODEL_REQUESTS_PER_MINUTE: '1' };
  const [one, other] = await Promise.all([startServer(env), startServer(env)]);
  const { shared } = await replicaOf(redis.url);

  await expect.poll(await startRun(one)).toBe('completed');
  const statusOfSecond = await startRun(other);
  // Both have asked. The endpoint reports no tokens by which the estimate would be corrected.
  await expect.poll(async () => String(await shared.send('INFO', 'commandstats'))).toMatch(/cmdstat_eval:calls=2,/);
  expect(['queued', 'in_progress']).toContain(await statusOfSecond());
  expect(models.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
  await Promise.all([one.kill9(), other.kill9()]);
}, 60_000);
