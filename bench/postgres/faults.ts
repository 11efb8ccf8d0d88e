import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../../test/loaders/random.ts';
import { follow, overRest } from './follow.ts';
import { load } from './load.ts';
import { newCounts, post } from './requests.ts';
import { watchTakeovers } from './takeovers.ts';
import { type Acknowledged, violationsIn } from './violations.ts';
import type { World } from './world.ts';

export interface FaultsOptions {
  /** How often one of the replicas, chosen at random, is killed and started again. */
  readonly kills: number;
  /** How often the connections between one of the replicas and the database stop forwarding. */
  readonly cuts: number;
  /** For how long they do, in milliseconds. */
  readonly cutMs: number;
  readonly clients: number;
  readonly seed: number;
  /** Called with what happens. */
  readonly report: (line: string) => void;
}

export interface FaultsOutcome {
  /** Of what was promised. None if all is well. */
  readonly violations: string[];
  readonly runs: number;
  readonly events: number;
  readonly acknowledged: number;
  /** Attempts that were not acknowledged, by status. */
  readonly failed: Readonly<Record<string, number>>;
  /** Connections of subscribers, of which each run has two if none is lost. */
  readonly connections: number;
  /** Errors that subscribers survived, and how often. */
  readonly subscriberErrors: Readonly<Record<string, number>>;
  /** Model calls beyond one for each run. */
  readonly repeatedCalls: number;
  /** Milliseconds from a fault until another replica had the lease of a run, ascending. */
  readonly takeovers: readonly number[];
}

const countsOf = (texts: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
};

/** A thread that a run has locked for ever rejects this message; then `post` rejects. */
const checkThreads = async (url: string, { threadIds }: Acknowledged) => {
  for (const threadId of threadIds) {
    await post(url, newCounts(), `/threads/${threadId}/messages`, { role: 'user', content: 'still open' });
  }
};

/** Kills replicas and cuts them off from the database while clients make runs, and returns what that did to them. */
export const withFaults = async (world: World, options: FaultsOptions): Promise<FaultsOutcome> => {
  const { kills, cuts, cutMs, clients, seed, report } = options;
  const { url } = world.balancer;
  const random = randomFrom(seed);
  const acknowledged: Acknowledged = { threadIds: [], messageIds: [], runs: [] };
  const counts = newCounts();
  const ending = new AbortController();
  const loading = load({ url, clients, counts, acknowledged, signal: ending.signal });
  let faultAt = Date.now();
  const takeovers = await watchTakeovers(world.databaseUrl, () => faultAt);

  const kill = async (count: number) => {
    await sleep(500 + random.below(1500));
    const index = random.below(world.replicas.length);
    faultAt = Date.now();
    await world.replicas[index]?.kill();
    report(`kill ${count + 1} of ${kills}: replica ${index}, ${acknowledged.runs.length} runs so far`);
    await world.replicas[index]?.start();
  };
  const cut = async (count: number) => {
    await sleep(500 + random.below(1500));
    const index = random.below(world.proxies.length);
    const proxy = world.proxies[index];
    faultAt = Date.now();
    proxy?.stall();
    report(`cut ${count + 1} of ${cuts}: replica ${index}, ${acknowledged.runs.length} runs so far`);
    await sleep(cutMs);
    // What was under way arrives late, or never.
    if (count % 2 === 0) proxy?.resume();
    else proxy?.reset();
  };
  const faults = async () => {
    for (let count = 0; count < kills; count += 1) await kill(count);
    for (let count = 0; count < cuts; count += 1) await cut(count);
    await sleep(1000);
    ending.abort();
  };
  await Promise.all([faults(), loading]);
  const taken = await takeovers.stop();
  await checkThreads(url, acknowledged);
  const last = acknowledged.runs.at(-1);
  if (last !== undefined) await follow(url, overRest, last);

  const followed = acknowledged.runs.flatMap((run) => run.followed);
  return {
    violations: [
      ...world.replicas.flatMap((replica) => replica.failures()),
      ...(await violationsIn(world.databaseUrl, acknowledged)),
    ],
    runs: acknowledged.runs.length,
    events: followed.reduce((sum, { events }) => sum + events.length, 0),
    acknowledged: counts.acknowledged,
    failed: Object.fromEntries(counts.failed),
    connections: followed.reduce((sum, each) => sum + each.connections, 0),
    subscriberErrors: countsOf(followed.flatMap(({ errors }) => errors)),
    repeatedCalls: world.model.calls() - acknowledged.runs.length,
    takeovers: taken.toSorted((one, other) => one - other),
  };
};
