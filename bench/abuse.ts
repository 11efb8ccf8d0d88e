import { setTimeout as pause } from 'node:timers/promises';
import type { Attack, Target } from './abuse/attack.ts';
import { bodyAttacks } from './abuse/bodies.ts';
import { connectionAttacks } from './abuse/connections.ts';
import { documentAttacks } from './abuse/documents.ts';
import { prepareTarget } from './abuse/prepare.ts';
import type { Usage } from './abuse/probe.ts';
import { cpuMs } from './machine/usage.ts';
import { built } from './machine/build.ts';
import { killAll, startNode } from './machine/children.ts';
import { markdownTable } from './report/markdownTable.ts';
import { short } from './report/numbers.ts';

/**
 * What one client can do to a server: `npm run bench:abuse -- [part of a name]`. The server has its default settings, except that a
 * client may stop reading for 3 seconds instead of 30. Everything is bounded in number and time, and stays on this machine.
 */
const [wanted = ''] = process.argv.slice(2);
const attacks = [...documentAttacks, ...bodyAttacks, ...connectionAttacks].filter(({ name }) => name.includes(wanted));

/** How long the server has to give its memory back. */
const SETTLE_MS = 1500;

/**
 * How often each attack is run. What the first adds may be compiled code or a cache that fills up to its bound; what each repetition
 * adds again is a leak.
 */
const REPETITIONS = 3;

/** No attack takes longer. */
const MAX_MS = 30_000;

const server = await startNode({
  name: 'the server',
  args: [
    '--expose-gc',
    '--import',
    await built('abuseProbe', new URL('abuse/probe.ts', import.meta.url)),
    'dist/server.js',
  ],
  cwd: new URL('..', import.meta.url),
  env: { PORT: '0', DATA_PATH: ':memory:', STALLED_CLIENT_MS: '3000', LOG_LEVEL: 'error' },
  ready: /(http:\S+)\/graphql\n/,
});
const [url = ''] = server.found;
const health = await startNode({
  name: 'the client of /health',
  args: [await built('abuseHealth', new URL('abuse/health.ts', import.meta.url)), url],
  ready: /(polling)\n/,
});
await pause(200);

/** An attack measured once: the usage of the server before it and after it has settled. Times are in milliseconds. */
const measure = async (attack: Attack, target: Target) => {
  const before = (await server.ask('start')) as Usage;
  await pause(50);
  await health.ask('start');
  const cpuBefore = cpuMs(server.pid);
  const outcome = await Promise.race([attack.run(target), pause(MAX_MS, 'NOT OVER IN TIME', { ref: false })]);
  const cpu = cpuMs(server.pid) - cpuBefore;
  const stall = Number(await health.ask('stop'));
  await pause(SETTLE_MS);
  const after = (await server.ask('stop')) as Usage;
  for (const warning of after.warnings) process.stderr.write(`${attack.name}: ${warning}\n`);
  return { before, outcome, cpu, stall, after };
};

/** A row of the table: the first run of an attack, and the memory after each one. */
const rowOf = async (attack: Attack, target: Target): Promise<string[]> => {
  const first = await measure(attack, target);
  const results = [first];
  while (results.length < REPETITIONS) results.push(await measure(attack, target));
  const { before, outcome, cpu, stall, after } = first;
  return [
    attack.name,
    outcome,
    bytes(after.bytesIn),
    short(Math.round(cpu)),
    bytes(after.bytesOut),
    short(Math.round(stall)),
    short(Math.round(after.longestTurnMs)),
    [before.rssMiB, after.mostRssMiB, ...results.map((one) => one.after.rssMiB)].map(Math.round).join(' / '),
    [before.inUseMiB, ...results.map((one) => one.after.inUseMiB)].map(Math.round).join(' / '),
    String(results.flatMap((one) => one.after.warnings).length),
  ];
};

const bytes = (count: number) =>
  count < 10_000 ? `${count} B` : count < 1e6 ? `${short(Math.round(count / 1e3))} kB` : `${short(count / 1e6)} MB`;

try {
  const target = await prepareTarget(url);
  // What is measured is a server that is used, not its first compilation of some code.
  for (const attack of documentAttacks) await attack.run(target);
  const rows: string[][] = [];
  for (const attack of attacks) {
    const row = await rowOf(attack, target);
    process.stderr.write(`${row.join('; ')}\n`);
    rows.push(row);
  }
  process.stdout.write(
    `${markdownTable([
      [
        'abuse',
        'outcome',
        'bytes in',
        'CPU, ms',
        'bytes out',
        'longest wait for /health, ms',
        'longest turn, ms',
        'RSS before / most / after each of three runs, MiB',
        'memory in use before / after each, MiB',
        'warnings',
      ],
      ...rows,
    ])}\n`,
  );
} finally {
  await health.stop();
  await server.stop();
  killAll();
}
