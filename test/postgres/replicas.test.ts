import { expect, onTestFinished, test } from 'vitest';
import { withFaults } from '../../bench/postgres/faults.ts';
import { follow, overGraphql } from '../../bench/postgres/follow.ts';
import { newCounts, post } from '../../bench/postgres/requests.ts';
import { startWorld, type WorldOptions } from '../../bench/postgres/world.ts';

const startReplicas = async (options: WorldOptions) => {
  const world = await startWorld(options);
  onTestFinished(() => world.stop());
  return world;
};

/** The long version, with 50 kills and 20 cuts, is `npx tsx bench/postgres/replicas.ts`. */
test('kill -9 and a lost database connection lose no write, end no run twice, and hide no event from a reader', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`2 kills and 1 cut by SEED=${seed}\n`);
  const world = await startReplicas({ replicas: 2, completionMs: 200, env: { RUN_LEASE_SECONDS: '3' } });
  const { violations, runs } = await withFaults(world, {
    kills: 2,
    cuts: 1,
    cutMs: 5_000,
    clients: 4,
    seed,
    report: () => undefined,
  });
  expect({ seed, violations }).toEqual({ seed, violations: [] });
  expect(runs).toBeGreaterThan(0);
}, 240_000);

test('SIGTERM passes the runs of a replica to another one at once, and their readers resume there', async () => {
  const world = await startReplicas({ replicas: 2, completionMs: 15_000, env: { RUN_LEASE_SECONDS: '600' } });
  const { url } = world.balancer;
  const [first, second] = world.replicas;
  if (first === undefined || second === undefined) throw new Error('two replicas');
  const send = <Result>(path: string, body: object) => post<Result>(first.url, newCounts(), path, body);
  const { id: assistantId } = await send<{ id: string }>('/assistants', { model: 'bench' });
  const runs = await Promise.all(
    Array.from({ length: 3 }, () =>
      send<{ id: string; thread_id: string }>('/threads/runs', {
        assistant_id: assistantId,
        thread: { messages: [{ role: 'user', content: 'hello' }] },
      }),
    ),
  );
  const following = runs.map((run) => follow(url, overGraphql, { threadId: run.thread_id, runId: run.id }));
  await expect.poll(() => world.model.calls(), { timeout: 30_000 }).toBe(3);
  await first.stop();
  for (const { events } of await Promise.all(following)) {
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.event).toBe('thread.run.completed');
  }
  expect(world.model.calls()).toBeGreaterThan(3); // The second replica has repeated what the first one did not complete.
}, 120_000);
