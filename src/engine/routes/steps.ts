import { existingStep } from '../existing.ts';
import { currentRun } from '../runs/currentRun.ts';
import { includeQuerySchema, stepsQuerySchema } from '../validation/query.ts';
import { listOf } from './list.ts';
import { route } from './route.ts';

// `include[]` is validated but has no effect: the engine does not search files, so there are no results to include.

export const stepRoutes = [
  route('GET', '/threads/{thread_id}/runs/{run_id}/steps', {
    query: stepsQuerySchema,
    handle: async ({ params, query }, { store }) => {
      const { run } = await currentRun(store, params);
      return listOf(await store.steps.list(run.id, query));
    },
  }),

  route('GET', '/threads/{thread_id}/runs/{run_id}/steps/{step_id}', {
    query: includeQuerySchema,
    handle: async ({ params }, { store }) => {
      const { run } = await currentRun(store, params);
      return { json: await existingStep(store, run.id, params.step_id) };
    },
  }),
];
