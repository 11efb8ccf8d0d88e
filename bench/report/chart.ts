import type { SubjectResult, WorkResult } from '../measure/comparison.ts';
import { basicWorks as works, titles, type Work } from '../works.ts';
import { short } from './numbers.ts';
import type { Results } from './results.ts';

const LABELS = 265;
const CELL = 190;
const BAR = 14;
const PITCH = 20;
const HEAD = 92;
const GAP = 46;

/** Where a bar ends, its number begins. */
const NUMBER_ROOM = 52;

const metrics: readonly { title: string; of: (result: WorkResult) => number }[] = [
  { title: 'REST calls', of: ({ calls }) => calls },
  { title: 'Latency with an upstream that takes 20 ms, in ms', of: ({ latencyMs }) => latencyMs.value },
  { title: 'CPU per request, in ms', of: ({ cpuMs }) => cpuMs.value },
];

/** Colours for a light and a dark page. */
const style = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .page { fill: #ffffff }
  .title { font-size: 17px; font-weight: 600 }
  .note, .number { fill: #59636e }
  .note { font-size: 12px }
  .metric { font-weight: 600 }
  .number { font-size: 11px }
  .ours { font-weight: 600 }
  rect.peer { fill: #a8b1bb } rect.oracle { fill: #6e7781 } rect.own { fill: #0969da }
  line { stroke: #1f2328; stroke-opacity: 0.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .page { fill: #0d1117 }
    .note, .number { fill: #9198a1 }
    rect.peer { fill: #4d5661 } rect.oracle { fill: #8b949e } rect.own { fill: #4493f8 }
    line { stroke: #e6edf3 }
  }`;

/** The comparison as a picture: a row of bar charts for each metric, one chart for each work. Shorter is better in all of them. */
export const chart = ({ subjects, measuredAt, node, heldToOneCore }: Results): string => {
  const all = Object.entries(subjects);
  const blockHeight = GAP + all.length * PITCH;
  const width = LABELS + works.length * CELL + 20;
  const height = HEAD + metrics.length * blockHeight + 16;
  const how = `Node ${node}${heldToOneCore ? ', each server on one core' : ''}, ${measuredAt.slice(0, 10)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="What four queries cost: REST calls, latency and CPU of this server and others">`,
    `<style>${style}\n</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="6"/>`,
    at(16, 30, 'What a query costs; shorter is better', 'title'),
    at(16, 50, `${how}. Each chart has a scale of its own; the line is the program by hand.`, 'note'),
    ...works.map((work, column) => at(LABELS + column * CELL, 78, titles[work], 'metric')),
    ...metrics.flatMap((metric, row) => [
      at(16, HEAD + row * blockHeight + 18, metric.title, 'metric'),
      ...all.map(([name, { label }], place) =>
        at(16, top(row, place, blockHeight) + 11, label, name === OURS ? 'ours' : ''),
      ),
      ...works.flatMap((work, column) => bars(all, metric.of, work, column, row, blockHeight)),
    ]),
    '</svg>',
    '',
  ].join('\n');
};

const OURS = 'assistants-graphql';

const top = (row: number, place: number, blockHeight: number) => HEAD + row * blockHeight + GAP - 18 + place * PITCH;

const bars = (
  all: readonly (readonly [string, SubjectResult])[],
  of: (result: WorkResult) => number,
  work: Work,
  column: number,
  row: number,
  blockHeight: number,
): string[] => {
  const left = LABELS + column * CELL;
  const values = all.map(([, { works: results }]) => (results[work] === undefined ? 0 : of(results[work])));
  const scale = (CELL - NUMBER_ROOM) / Math.max(...values);
  const reference = left + (values[0] ?? 0) * scale;
  const [from, to] = [top(row, 0, blockHeight) - 3, top(row, all.length - 1, blockHeight) + BAR + 3];
  return [
    ...values.map((value, place) => {
      const y = top(row, place, blockHeight);
      const length = Math.max(1, value * scale);
      const name = all[place]?.[0];
      const kind = place === 0 ? 'oracle' : name === OURS ? 'own' : 'peer';
      const bar = `<rect class="${kind}" x="${left}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`;
      return bar + at(left + length + 5, y + 11, short(value), 'number');
    }),
    `<line x1="${reference.toFixed(1)}" x2="${reference.toFixed(1)}" y1="${from}" y2="${to}" stroke-dasharray="3 3"/>`,
  ];
};

const at = (x: number, y: number, words: string, kind: string) =>
  `<text x="${x.toFixed(1)}" y="${y}"${kind === '' ? '' : ` class="${kind}"`}>${escaped(words)}</text>`;

const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
