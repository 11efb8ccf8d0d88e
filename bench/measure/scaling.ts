import { Connection } from '../load/connection.ts';
import type { Progress } from '../progress.ts';
import { graphql, type WorkRequest } from '../request.ts';
import type { Settings } from '../settings.ts';
import { UPSTREAM_MS } from '../settings.ts';
import { account } from '../stub/account.ts';
import type { Running, RunningStub } from '../subjects/running.ts';
import { median } from './median.ts';
import { throughputOf } from './throughput.ts';
import { roundTripsOf } from './roundTrips.ts';

/** What this server needs for more of the same. */
export interface Scaling {
  /** By how many were asked for. */
  readonly messages: Readonly<Record<string, { calls: number; cpuUsPerMessage: number }>>;
  readonly runsWithSteps: Readonly<Record<string, { calls: number; roundTrips: number; latencyMs: number }>>;
}

const threadId = account.long.thread.id;

const messagesQuery = `query Messages($threadId: ID!, $first: Int!) {
  thread(threadId: $threadId) { messages(first: $first) { nodes { messageId role text } } }
}`;

const runsQuery = `query Runs($threadId: ID!, $first: Int!) {
  thread(threadId: $threadId) { runs(first: $first) { nodes { runId status steps(first: 20) { nodes { stepId status } } } } }
}`;

const messageCounts = [100, 1000];
const runCounts = [20, 100, 200];

export const SCALING_STEPS = messageCounts.length + runCounts.length;

/** Asks this server for a hundred and a thousand messages, and for 20 to 200 runs with their steps. */
export const scalingOf = async (
  ours: Running,
  stub: RunningStub,
  settings: Settings,
  progress: Progress,
): Promise<Scaling> => {
  const messages: Record<string, { calls: number; cpuUsPerMessage: number }> = {};
  const cpu = new Map<number, number[]>(messageCounts.map((first) => [first, []]));
  for (const first of messageCounts) {
    progress.step(`${first} messages of one thread`);
    const request = graphql(messagesQuery, { threadId, first });
    const { calls } = await once(ours, stub, request);
    messages[first] = { calls, cpuUsPerMessage: 0 };
    await throughputOf(ours, stub, request, settings.warmUpMs);
  }
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const first of messageCounts) {
      const request = graphql(messagesQuery, { threadId, first });
      const measured = await throughputOf(ours, stub, request, settings.throughputMs);
      cpu.get(first)?.push((measured.cpuMs * 1000) / first);
    }
  }
  for (const first of messageCounts) {
    messages[first] = { calls: messages[first]?.calls ?? 0, cpuUsPerMessage: median(cpu.get(first) ?? []) };
  }

  const runsWithSteps: Record<string, { calls: number; roundTrips: number; latencyMs: number }> = {};
  for (const first of runCounts) {
    progress.step(`${first} runs with their steps`);
    runsWithSteps[first] = await once(ours, stub, graphql(runsQuery, { threadId, first }));
  }
  return { messages, runsWithSteps };
};

const WAVE_DELAY_MS = 250;

/** One request after another that warmed up: what it calls, in how many round trips, and how long it takes at the delay for latency. */
const once = async ({ url }: Running, stub: RunningStub, request: WorkRequest) => {
  const connection = await Connection.open(url);
  const bytes = connection.bytesOf(request);
  await stub.control.set({ delayMs: UPSTREAM_MS });
  await connection.send(bytes);
  const started = performance.now();
  await connection.send(bytes);
  const latencyMs = performance.now() - started;
  await stub.control.set({ delayMs: WAVE_DELAY_MS, log: true });
  const { status } = await connection.send(bytes);
  connection.close();
  if (status !== 200) throw new Error(`${url} responded ${status}`);
  const { calls, log } = await stub.control.report();
  return { calls, roundTrips: roundTripsOf(log), latencyMs };
};
