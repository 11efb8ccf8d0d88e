import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measuredCommand } from './measuredCommand.ts';

// Imports a million messages of 10,000 threads, repeats the import, and exports them again. Prints the rate and the peak of
// memory of each. `npm run build && npx tsx bench/history/import.ts [messages]`. Takes some minutes and 2 GB of disk.

const messageCount = Number(process.argv[2] ?? 1_000_000);
const messagesInThread = 100;
const directory = mkdtempSync(join(tmpdir(), 'import-'));
const file = join(directory, 'history.jsonl');
const text = 'A sentence of about the length that people write, and then a second one. '.repeat(4);

const writeHistory = async () => {
  const output = createWriteStream(file);
  const write = async (object: object) => {
    if (!output.write(`${JSON.stringify(object)}\n`)) await once(output, 'drain');
  };
  for (let number = 0; number < messageCount; number += 1) {
    const threadId = `thread_${Math.floor(number / messagesInThread)}`;
    const created_at = 1_600_000_000 + number;
    if (number % messagesInThread === 0) {
      await write({
        id: threadId,
        object: 'thread',
        created_at,
        metadata: { user: `u${number % 1000}` },
        tool_resources: {},
      });
    }
    await write({
      id: `msg_${number}`,
      object: 'thread.message',
      created_at,
      thread_id: threadId,
      status: 'completed',
      role: number % 2 === 0 ? 'user' : 'assistant',
      content: [{ type: 'text', text: { value: `${number}: ${text}`, annotations: [] } }],
      assistant_id: null,
      run_id: null,
      attachments: [],
      metadata: {},
    });
  }
  output.end();
  await once(output, 'finish');
};

const measured = async (name: string, args: string[]) => {
  const { code, seconds, peakMiB, lastLine } = await measuredCommand({ DATA_PATH: join(directory, 'engine.db') }, args);
  const rate = Math.round(messageCount / seconds);
  process.stdout.write(
    `${name}: exit code ${code}, ${seconds.toFixed(1)} s, ${rate} messages/s, peak ${Math.round(peakMiB)} MiB\n  ${lastLine}\n`,
  );
};

await writeHistory();
process.stdout.write(`${messageCount} messages, ${Math.round(statSync(file).size / 1024 / 1024)} MB\n`);
await measured('import', ['import', file]);
await measured('import repeated', ['import', file]);
await measured('export', ['export', join(directory, 'again.jsonl')]);
const same = readFileSync(file).equals(readFileSync(join(directory, 'again.jsonl')));
process.stdout.write(`the export is ${same ? 'the same as' : 'different from'} what was imported\n`);
rmSync(directory, { recursive: true });
