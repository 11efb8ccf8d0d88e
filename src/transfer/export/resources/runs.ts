import type { Rest } from '../../../rest/rest.ts';
import { inOrder, type Page } from '../inOrder.ts';
import { linesOf, listPages, pagesOf } from '../pages.ts';
import type { ThreadResource } from './resource.ts';

/** How many runs of one thread have their steps read at a time. */
const concurrency = 4;

/** A run, followed by its steps, with the texts that file searches found. */
async function* runWithSteps(rest: Rest, threadId: string, run: { id: string }): AsyncGenerator<Page> {
  yield { name: 'runs', lines: linesOf([run]) };
  yield* pagesOf('steps', (request) => rest.runSteps.list(threadId, run.id, { ...request, include: true }));
}

export const exportedRuns: ThreadResource = {
  name: 'runs',
  async *pages(rest, threadId) {
    for await (const page of listPages('runs', (request) => rest.runs.list(threadId, request))) {
      yield* inOrder(page, concurrency, (run) => runWithSteps(rest, threadId, run));
    }
  },
};
