import { killAll } from './machine/children.ts';
import { rssMiB } from './machine/usage.ts';
import { closedLoop } from './load/closedLoop.ts';
import { openLoop, type Outcome } from './load/openLoop.ts';
import { percentile } from './measure/percentile.ts';
import { assistantsGraphql } from './subjects/assistants-graphql.ts';
import { startStub, startSubject } from './subjects/running.ts';
import { requestFor, type Subject } from './subjects/subject.ts';

/**
 * What the server does at twice the throughput that it can serve: `npm run bench:overload -- [seconds]`, 60 by default. It is held to
 * one core; the stub upstream and this program share the others. Other work on the machine makes everything slower: what is compared is
 * measured before and after it, in the same minutes.
 */
const seconds = Number(process.argv[2] ?? 60);
const UNLOADED_SECONDS = 10;

/** The delay of each response of the stub. */
const UPSTREAM_MS = 100;

/** More than the server can serve within the delay of two round trips. */
const CONNECTIONS = 256;

const stub = await startStub(true);
const request = requestFor(assistantsGraphql, 'W1');
await stub.control.set({ delayMs: UPSTREAM_MS });

/** The subject of the benchmark refuses nothing; this one has the default setting. */
const refusing: Subject = {
  ...assistantsGraphql,
  start: async (upstream) => {
    const start = await assistantsGraphql.start(upstream);
    return { ...start, env: { ...start.env, OVERLOAD_QUEUE_MS: '' } };
  },
};

/** Requests per second of a server that refuses nothing. */
const capacityOf = async () => {
  const { url, child } = await startSubject(assistantsGraphql, stub.url, true);
  await closedLoop({ url, request, connections: 32, ms: 5000 });
  const { requests, ms } = await closedLoop({ url, request, connections: CONNECTIONS, ms: 5000 });
  await child.stop();
  return (requests * 1000) / ms;
};

const say = (text: string) => process.stdout.write(`${text}\n`);
const latencies = (outcomes: readonly Outcome[], status: number) =>
  outcomes.filter((outcome) => outcome.status === status).map(({ ms }) => ms);
const shown = (values: readonly number[]) =>
  values.length === 0
    ? 'none'
    : `${values.length}, p50 ${percentile(values, 50).toFixed(0)} ms, p99 ${percentile(values, 99).toFixed(0)} ms`;

const perSecond = await capacityOf();
const { url, child } = await startSubject(refusing, stub.url, true);
const atQuarter = () => openLoop({ url, request, perSecond: perSecond / 4, seconds: UNLOADED_SECONDS });
try {
  await openLoop({ url, request, perSecond: perSecond / 4, seconds: 5 });
  const before = await atQuarter();
  const rssBefore = rssMiB(child.pid);
  say(`capacity: ${perSecond.toFixed(0)} requests a second (W1)`);

  let rssMost = rssBefore;
  const sampling = setInterval(() => {
    rssMost = Math.max(rssMost, rssMiB(child.pid));
  }, 500);
  const overloaded = await openLoop({ url, request, perSecond: perSecond * 2, seconds });
  clearInterval(sampling);
  const after = await atQuarter();

  const unloaded = [...latencies(before, 200), ...latencies(after, 200)];
  const served = latencies(overloaded, 200);
  say(
    `at a quarter of it, before and after: ${shown(unloaded)}; refused ${latencies([...before, ...after], 503).length}`,
  );
  say(`at twice of it for ${seconds} s, ${overloaded.length} requests:`);
  say(
    `  served (200): ${shown(served)}; p99 is ${(percentile(served, 99) / percentile(unloaded, 99)).toFixed(2)} of the unloaded`,
  );
  say(`  refused (503): ${shown(latencies(overloaded, 503))}`);
  const others = overloaded.filter(({ status }) => status !== 200 && status !== 503);
  say(`  anything else: ${others.length === 0 ? 'none' : JSON.stringify(others.slice(0, 5))}`);
  say(`  served per second: ${(served.length / seconds).toFixed(0)}`);
  say(
    `  memory: ${rssBefore.toFixed(0)} MiB before, at most ${rssMost.toFixed(0)} MiB, ${rssMiB(child.pid).toFixed(0)} MiB after`,
  );
} finally {
  await child.stop();
  await stub.child.stop();
  killAll();
}
