import type { RunResults } from '../measure/runs.ts';
import { MODEL_MS, MODEL_TOKENS } from '../runs/settings.ts';
import { markdownTable } from './markdownTable.ts';
import { ratio, short } from './numbers.ts';

/** What runs cost, one row for each way to the model. */
export const runsTable = ({ runs, atATime, ways, measuredAt, cores, loadBefore }: RunResults): string => {
  const rows = Object.values(ways).map((way) => [
    way.label,
    `${short(way.runsPerSecond)} (${ratio(way.toModel)})`,
    short(way.p50Ms),
    short(way.p99Ms),
    short(way.cpuMs),
    short(way.firstTokenAloneMs),
    short(way.firstTokenMs),
  ]);
  const heads = ['', 'runs per second', 'p50', 'p99', 'CPU per run', 'first token, alone', 'first token'];
  return [
    `**Runs through a model that takes ${MODEL_MS} ms for ${MODEL_TOKENS} tokens: ${short(runs)} of them, ${atATime} at a time**`,
    markdownTable([heads, ...rows]),
    `Times in milliseconds. Measured on ${measuredAt.slice(0, 10)}${loadBefore > cores / 2 ? `, while other work kept the cores busy (load ${short(loadBefore)}): rough` : ''}.`,
  ].join('\n\n');
};
