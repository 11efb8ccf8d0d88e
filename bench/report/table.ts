import type { SubjectResult, WorkResult } from '../measure/comparison.ts';
import type { Memory } from '../measure/memory.ts';
import type { Scaling } from '../measure/scaling.ts';
import { basicWorks, clientWorks, type Work } from '../works.ts';
import { markdownTable } from './markdownTable.ts';
import { ratio, short } from './numbers.ts';
import type { Results } from './results.ts';
import { runsTable } from './runsTable.ts';

/** A figure with its ratio to the oracle's. */
const against = ({ value, toOracle }: WorkResult['cpuMs']) => `${short(value)} (${ratio(toOracle)})`;

const metrics: readonly (readonly [string, (result: WorkResult) => string])[] = [
  [
    'REST calls',
    ({ calls, correct, errors }) => `${calls}${errors > 0 ? `, ${errors} errors` : ''}${correct ? '' : ', WRONG'}`,
  ],
  ['Round trips to the upstream', ({ roundTrips }) => String(roundTrips)],
  ['Latency at 20 ms upstream, in ms', ({ latencyMs }) => against(latencyMs)],
  ['CPU per request, in ms', ({ cpuMs }) => against(cpuMs)],
  ['Requests per second', ({ requestsPerSecond }) => against(requestsPerSecond)],
  ['New upstream connections per 1,000 requests', ({ connections }) => short(connections)],
];

/** The works that any of the subjects did. */
const tableOf = (all: readonly SubjectResult[], works: readonly Work[], cell: (result: WorkResult) => string) => {
  const columns = works.filter((work) => all.some((subject) => subject.works[work]));
  const rows = all.filter((subject) => columns.some((work) => subject.works[work]));
  if (columns.length === 0) return undefined;
  const cellOf = (result: WorkResult | undefined) => (result === undefined ? '–' : cell(result));
  return markdownTable([
    ['', ...columns],
    ...rows.map(({ label, works: results }) => [label, ...columns.map((work) => cellOf(results[work]))]),
  ]);
};

const circumstances = ({ measuredAt, node, cores, loadBefore, heldToOneCore }: Results) =>
  [
    `Measured on ${measuredAt.slice(0, 10)} with Node ${node} on ${cores} cores`,
    heldToOneCore ? '' : ', the servers not held to one of them',
    loadBefore > cores / 2 ? `, while other work kept these busy (load ${short(loadBefore)}): rough` : '',
    '.',
  ].join('');

/** All figures, one table each; in parentheses the ratio to the oracle's. */
export const tables = (results: Results): string => {
  const { subjects, scaling, memory, runs } = results;
  const all = Object.values(subjects);
  const sections = metrics.map(([title, cell]) =>
    [`**${title}**`, tableOf(all, basicWorks, cell), tableOf(all, clientWorks, cell)]
      .filter((part) => part !== undefined)
      .join('\n\n'),
  );
  const rss = markdownTable([['', 'MiB'], ...all.map(({ label, rssMiB }) => [label, short(rssMiB)])]);
  return [
    circumstances(results),
    ...sections,
    `**Memory of the process after all of it**\n\n${rss}`,
    ...(scaling === undefined ? [] : [scalingTables(scaling)]),
    ...(memory === undefined ? [] : [memoryTable(memory)]),
    ...(runs === undefined ? [] : [runsTable(runs)]),
  ].join('\n\n');
};

const scalingTables = (scaling: Scaling) => {
  const messages = markdownTable([
    ['`messages(first:)`', 'REST calls', 'CPU per message, in µs'],
    ...Object.entries(scaling.messages).map(([count, { calls, cpuUsPerMessage }]) => [
      count,
      String(calls),
      short(cpuUsPerMessage),
    ]),
  ]);
  const runs = markdownTable([
    ['`runs(first:) { steps }`', 'REST calls', 'round trips', 'latency at 20 ms upstream, in ms'],
    ...Object.entries(scaling.runsWithSteps).map(([count, { calls, roundTrips, latencyMs }]) => [
      count,
      String(calls),
      String(roundTrips),
      short(latencyMs),
    ]),
  ]);
  return `**This server, asked for more**\n\n${messages}\n\n${runs}`;
};

const memoryTable = ({ kibPerRequest }: Memory) =>
  markdownTable([
    ['W1 in flight at a time', 'KiB in use per request'],
    ...Object.entries(kibPerRequest).map(([count, kib]) => [count, short(kib)]),
  ]);
