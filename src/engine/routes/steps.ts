import { existingStep } from '../existing.ts';
import { currentRun } from '../runs/currentRun.ts';
import { includeQuery, stepsQuery } from '../validation/query.ts';
import { listOf } from './list.ts';
import { route } from './route.ts';

// `include[]` is checked, and changes nothing: the engine does not search files, so that there are no results to show.

export const stepRoutes = [
  route('GET', '/threads/{thread_id}/runs/{run_id}/steps', {
    query: stepsQuery,
    answer: async ({ params, query }, { store }) => {
      const { run } = await currentRun(store, params);
      return listOf(await store.steps.list(run.id, query));
    },
  }),

  route('GET', '/threads/{thread_id}/runs/{run_id}/steps/{step_id}', {
    query: includeQuery,
    answer: async ({ params }, { store }) => {
      const { run } = await currentRun(store, params);
      return { json: await existingStep(store, run.id, params.step_id) };
    },
  }),
];
