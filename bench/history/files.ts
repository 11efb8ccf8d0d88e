import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { contentLineBytes, contentLines } from '../../src/transfer/contentLine.ts';
import { measuredCommand } from './measuredCommand.ts';

// Imports one file of 500 MB, repeats the import, and exports it again. Prints the peak of memory of each.
// `npm run build && npx tsx bench/history/files.ts [megabytes]`. Takes some minutes and 2 GB of disk.

const bytes = Number(process.argv[2] ?? 500) * 1_000_000;
const directory = mkdtempSync(join(tmpdir(), 'files-'));
const file = join(directory, 'files.jsonl');

/** Bytes that cannot be compressed. */
function* content() {
  for (let at = 0; at < bytes; at += contentLineBytes) yield randomBytes(Math.min(contentLineBytes, bytes - at));
}

const output = createWriteStream(file);
const object = {
  id: 'file-1',
  object: 'file',
  bytes,
  created_at: 1_700_000_000,
  filename: 'a.bin',
  purpose: 'user_data',
};
output.write(`${JSON.stringify(object)}\n`);
for await (const line of contentLines('file-1', Readable.from(content()))) {
  if (!output.write(`${line}\n`)) await once(output, 'drain');
}
output.end();
await once(output, 'finish');

const env = { DATA_PATH: join(directory, 'engine.db') };
for (const args of [
  ['import', file],
  ['import', file],
  ['export', join(directory, 'again.jsonl')],
]) {
  const { code, seconds, peakMiB, lastLine } = await measuredCommand(env, args);
  const cost = `exit code ${code}, ${seconds.toFixed(1)} s, peak ${Math.round(peakMiB)} MiB`;
  process.stdout.write(`${args[0]}: ${cost}\n  ${lastLine}\n`);
}
const isSame = statSync(file).size === statSync(join(directory, 'again.jsonl')).size;
process.stdout.write(`the export has ${isSame ? 'the size of' : 'another size than'} what was imported\n`);
rmSync(directory, { recursive: true });
