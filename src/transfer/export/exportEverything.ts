import type { Rest } from '../../rest/rest.ts';
import { Counts } from '../counts.ts';
import { reportProgress } from '../progress.ts';
import { STANDARD_OUTPUT } from '../standardStreams.ts';
import { exitCodes } from '../transferError.ts';
import { openPartialFile, streamOutput } from './partialFile.ts';
import type { Page } from './inOrder.ts';
import { exportedResources } from './resources/resources.ts';
import { countThreadIds, threadIdsIn } from './threadIds.ts';
import { givenThreads, listedThreads, threadPages } from './threads.ts';

export interface ExportOptions {
  /** Path, or `-` for standard output. */
  readonly file: string;
  /** Path of a file of thread ids, or `-` for standard input. Undefined: those that the upstream lists. */
  readonly threads: string | undefined;
  readonly rest: Rest;
}

/**
 * Exports everything that an upstream has as JSON Lines of REST objects. Returns the exit code.
 * @throws {TransferError} and the errors of REST calls if the export had to stop: repeated, it goes on from there
 */
export const exportEverything = async ({ file, threads, rest }: ExportOptions): Promise<number> => {
  const total = threads === undefined ? undefined : await countThreadIds(threads);
  const output = file === STANDARD_OUTPUT ? streamOutput(process.stdout) : await openPartialFile(file);
  const counts = new Counts();
  let missing = 0;
  let begun = 0;
  const part = () => (total === undefined || total === 0 ? undefined : Math.min(begun / total, 1));
  const text = () => `${counts.text}, ${counts.rate} objects/s`;
  const progress = reportProgress(process.stderr, () => ({ part: part(), text: text() }));
  const write = async (pages: AsyncIterable<Page>) => {
    for await (const page of pages) {
      await output.write(page);
      counts.add(page.name, page.lines.length);
    }
  };
  const counted = async function* (ids: AsyncIterable<string>) {
    for await (const id of ids) {
      begun += 1;
      yield id;
    }
  };
  const onMissing = (threadId: string) => {
    missing += 1;
    progress.note(`There is no thread ${threadId}; it was left out.`);
  };
  const { isContinued, after } = output;
  if (isContinued) progress.note(`Goes on ${after === undefined ? 'with the threads' : `after the thread ${after}`}.`);
  try {
    if (!isContinued) for (const resource of exportedResources) await write(resource.pages(rest));
    const sources =
      threads === undefined ? listedThreads(rest, after) : givenThreads(counted(threadIdsIn(threads)), after);
    await write(threadPages(rest, sources, onMissing));
    await output.finish();
  } catch (error) {
    progress.end(`Stopped: ${text()}.${file === STANDARD_OUTPUT ? '' : ' Repeat the command to go on from there.'}`);
    await output.close().catch(() => undefined);
    throw error;
  }
  progress.end(`Done: ${text()}.`);
  return missing > 0 ? exitCodes.someLeftOut : exitCodes.complete;
};
