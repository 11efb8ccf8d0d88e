import type { Rest } from '../../rest/rest.ts';
import { NotSupportedError } from '../../rest/errors/notSupportedError.ts';
import { Counts } from '../counts.ts';
import { reportProgress } from '../progress.ts';
import { STANDARD_OUTPUT } from '../standardStreams.ts';
import { exitCodes } from '../transferError.ts';
import { openPartialFile, streamOutput } from './partialFile.ts';
import type { Page } from './inOrder.ts';
import { exportedResources } from './resources/resources.ts';
import { countThreadIds } from './threadIds.ts';
import { exportedThreads } from './threads.ts';

export interface ExportOptions {
  /** Path, or `-` for standard output. */
  readonly file: string;
  /** Path of a file of thread ids, or `-` for standard input. Undefined: those that the upstream lists. */
  readonly threads: string | undefined;
  readonly rest: Rest;
}

const sizeOf = ({ lines }: Page) => lines.reduce((sum, line) => sum + line.length + 1, 0);

/**
 * Exports everything that an upstream has as JSON Lines of REST objects. Returns the exit code.
 * @throws {TransferError} and the errors of REST calls if the export had to stop: repeated, it goes on from there
 */
export const exportEverything = async ({ file, threads, rest }: ExportOptions): Promise<number> => {
  const total = threads === undefined ? undefined : await countThreadIds(threads);
  let begun = 0;
  const onBegun = () => {
    begun += 1;
  };
  const resources = [...exportedResources, exportedThreads(threads, onBegun)];
  const objects = resources.map(({ object }) => object);
  const output = file === STANDARD_OUTPUT ? streamOutput(process.stdout) : await openPartialFile(file, objects);
  const counts = new Counts();
  let written = 0;
  let leftOut = 0;
  const part = () => (total === undefined || total === 0 ? undefined : Math.min(begun / total, 1));
  const text = () => `${counts.text}, ${(written / 1e6).toFixed(1)} MB, ${counts.rate} objects/s`;
  const progress = reportProgress(process.stderr, () => ({ part: part(), text: text() }));
  const write = async (pages: AsyncIterable<Page>) => {
    for await (const page of pages) {
      await output.write(page);
      written += sizeOf(page);
      if (page.name !== undefined) counts.add(page.name, page.lines.length);
    }
  };
  const leaveOut = (sentence: string) => {
    leftOut += 1;
    progress.note(sentence);
  };
  const { continuation } = output;
  const done = continuation === undefined ? 0 : objects.indexOf(continuation.object);
  const after = continuation?.after;
  const remaining = resources.slice(done);
  if (continuation !== undefined) {
    const last = `${continuation.object.replace('_', ' ')} ${after}`;
    progress.note(`Goes on ${after === undefined ? `with the ${remaining[0]?.name}` : `after the ${last}`}.`);
  }
  try {
    for (const [index, { name, isOptional, pages }] of remaining.entries()) {
      await write(pages({ rest, leaveOut }, index === 0 ? after : undefined)).catch((error: unknown) => {
        if (!(isOptional && error instanceof NotSupportedError)) throw error;
        progress.note(`${error.message} No ${name} are exported.`);
      });
    }
    await output.finish();
  } catch (error) {
    progress.end(`Stopped: ${text()}.${file === STANDARD_OUTPUT ? '' : ' Repeat the command to go on from there.'}`);
    await output.close().catch(() => undefined);
    throw error;
  }
  progress.end(`Done: ${text()}.`);
  return leftOut > 0 ? exitCodes.someLeftOut : exitCodes.complete;
};
