import type { Received } from '../../rest/received.ts';
import type { Rest } from '../../rest/rest.ts';
import { isMissing } from '../../rest/errors/apiError.ts';
import { NotSupportedError } from '../../rest/errors/notSupportedError.ts';
import { type RestThread, withoutThreadUsage } from '../../wire/thread.ts';
import { TransferError } from '../transferError.ts';
import { inOrder, type Page } from './inOrder.ts';
import { linesOf, listPages } from './pages.ts';
import type { ExportContext, ExportedResource } from './resources/resource.ts';
import { threadResources } from './resources/resources.ts';
import { threadIdsIn } from './threadIds.ts';

/** How many threads are read at a time. */
const concurrency = 16;

/** A thread of the list; or only its id, of which the thread is read. */
type ThreadSource = Received<RestThread> | string;

/** All threads of the list that follow `after`. Throws TransferError if the upstream has no list. */
async function* listedThreads(rest: Rest, after: string | undefined): AsyncGenerator<ThreadSource> {
  try {
    for await (const page of listPages('threads', (request) => rest.threads.list(request), after)) yield* page;
  } catch (error) {
    if (!(error instanceof NotSupportedError)) throw error;
    throw new TransferError(
      `${error.message} To export, name them: --threads FILE, with an ID in each line, or --threads - for standard input.`,
    );
  }
}

/** The ids that follow `after`. Throws TransferError if that is not among them. */
async function* givenThreads(ids: AsyncIterable<string>, after: string | undefined): AsyncGenerator<ThreadSource> {
  let begun = after === undefined;
  for await (const id of ids) {
    if (begun) yield id;
    else begun = id === after;
  }
  if (!begun) {
    throw new TransferError(`The thread ${after}, after which the export goes on, is not among the given threads.`);
  }
}

/** The lines of a thread and of its objects. One that does not exist is left out. */
async function* threadPages({ rest, leaveOut }: ExportContext, source: ThreadSource): AsyncGenerator<Page> {
  const threadId = typeof source === 'string' ? source : source.id;
  let begun = false;
  try {
    const thread = typeof source === 'string' ? await rest.threads.retrieve(source) : source;
    const first: Page = { name: 'threads', lines: linesOf([withoutThreadUsage(thread)]) };
    for (const resource of threadResources) {
      for await (const page of resource.pages(rest, threadId)) {
        if (!begun) yield first;
        begun = true;
        yield page;
      }
    }
    if (!begun) yield first;
  } catch (error) {
    // Deleted since it was listed: what was read of it is complete enough, and an import takes it.
    if (!isMissing(error)) throw error;
    if (!begun) leaveOut(`There is no thread ${threadId}; it was left out.`);
  }
}

/**
 * The threads of the list, or those whose ids are in the file `given`, or on standard input if that is `-`. `onBegun` is called for
 * each id that is read from there.
 */
export const exportedThreads = (given: string | undefined, onBegun: () => void): ExportedResource => ({
  name: 'threads',
  object: 'thread',
  isOptional: false,
  pages: (context, after) => {
    const sources =
      given === undefined
        ? listedThreads(context.rest, after)
        : givenThreads(counted(threadIdsIn(given), onBegun), after);
    return inOrder(sources, concurrency, (source) => threadPages(context, source));
  },
});

async function* counted<Item>(items: AsyncIterable<Item>, onItem: () => void): AsyncGenerator<Item> {
  for await (const item of items) {
    onItem();
    yield item;
  }
}
