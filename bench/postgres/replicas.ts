import { parseArgs } from 'node:util';
import { percentile } from '../measure/percentile.ts';
import { withFaults } from './faults.ts';
import { startWorld } from './world.ts';

// Three replicas behind nginx: one is killed at random 50 times while clients make runs, then the connections between one of them and
// the database are cut 20 times. `npm run build && npx tsx bench/postgres/replicas.ts`. Takes about ten minutes; needs Debian's packages
// postgresql and nginx-light.

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    cuts: { type: 'string', default: '20' },
    clients: { type: 'string', default: '12' },
    lease: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const print = (line: string) => process.stdout.write(`${line}\n`);

const world = await startWorld({
  replicas: 3,
  completionMs: 200,
  env: { RUN_LEASE_SECONDS: values.lease },
});
try {
  print(`seed ${values.seed}, lease ${values.lease} s`);
  const outcome = await withFaults(world, {
    kills: Number(values.kills),
    cuts: Number(values.cuts),
    cutMs: 8_000,
    clients: Number(values.clients),
    seed: Number(values.seed),
    report: print,
  });
  const { takeovers, violations, ...figures } = outcome;
  print(JSON.stringify(figures, undefined, 2));
  const at = (percent: number) => `${Math.round(percentile(takeovers, percent))} ms`;
  if (takeovers.length > 0)
    print(`${takeovers.length} runs taken over: median ${at(50)}, 95 % ${at(95)}, slowest ${at(100)}`);
  for (const violation of violations.slice(0, 50)) print(violation);
  print(`${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} catch (error) {
  print(`PostgreSQL has logged:\n${world.postgres.output().slice(-5000)}`);
  for (const replica of world.replicas) print(`${replica.failures().join()}\n${replica.errors().slice(-5000)}`);
  throw error;
} finally {
  await world.stop();
}
