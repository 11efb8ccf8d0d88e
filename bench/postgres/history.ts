import { parseArgs } from 'node:util';
import { historyCosts, type OperationCosts, startExplainingPostgres } from './historyCosts.ts';

// What reading and writing one long thread costs among many messages on PostgreSQL: the blocks and rows that the statements of the engine
// touch, as auto_explain reports them, and the median time. A thread of 100,000 messages with `--messages` in the database is compared with a
// thread of 10,000. `npx tsx bench/postgres/history.ts --messages 10000000`. Ten million take about 6 minutes and 12 GB of disk.

const { values } = parseArgs({ options: { messages: { type: 'string', default: '1000000' } } });
/** A thread may have 100,000; a few are added. */
const longest = 99_900;

const print = (line: string) => process.stdout.write(`${line}\n`);

const textOf = ({ statements, blocks, rows, milliseconds }: OperationCosts) =>
  `${statements} statements, ${rows} rows, ${blocks} blocks, ${milliseconds.toFixed(2)} ms`;

/** On standard error, with the seconds since the start: filling takes long. */
const progress = (line: string) => process.stderr.write(`${(performance.now() / 1000).toFixed(0)} s: ${line}\n`);

const postgres = await startExplainingPostgres();
try {
  const count = Number(values.messages);
  const alone = await historyCosts(postgres, 'alone', 10_000, 10_000);
  // As far apart from each other as those of the longest thread.
  const spread = await historyCosts(postgres, 'spread', Math.round((10_000 * count) / longest), 10_000);
  progress('two of three databases are measured');
  const many = await historyCosts(postgres, 'many', count, longest);
  for (const [name, costs] of many) {
    const [first = costs, second = costs] = [alone.get(name), spread.get(name)];
    print(`${name}:`);
    print(`  thread of 10,000 messages, alone: ${textOf(first)}`);
    print(`  thread of 10,000 messages between others: ${textOf(second)}`);
    print(`  thread of ${longest.toLocaleString('en')} of ${count.toLocaleString('en')} messages: ${textOf(costs)}`);
    print(
      `  ${(costs.rows / first.rows).toFixed(2)} times the rows of the first and ${(costs.blocks / second.blocks).toFixed(2)} times the ` +
        `blocks of the second, ${(costs.milliseconds / first.milliseconds).toFixed(2)} times the time of the first; sequential scans: ${costs.sequentialScans.join(', ') || 'none'}`,
    );
  }
} finally {
  await postgres.stop();
}
