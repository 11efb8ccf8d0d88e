import { existingStep } from '../existing.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import { currentRun } from '../runs/currentRun.ts';
import { withoutSearchContent } from '../searchContent.ts';
import { includeQuerySchema, stepsQuerySchema } from '../validation/query.ts';
import { listOf } from './list.ts';
import { route } from './route.ts';

const shown = (
  step: RestRunStep,
  { 'include[]': include = [] }: { 'include[]'?: string[] | undefined },
): RestRunStep => (include.length > 0 ? step : withoutSearchContent(step));

export const stepRoutes = [
  route('GET', '/threads/{thread_id}/runs/{run_id}/steps', {
    query: stepsQuerySchema,
    handle: async ({ params, query }, { store }) => {
      const { run } = await currentRun(store, params);
      const { items, hasMore } = await store.steps.list(run.id, query);
      return listOf({ items: items.map((step) => shown(step, query)), hasMore });
    },
  }),

  route('GET', '/threads/{thread_id}/runs/{run_id}/steps/{step_id}', {
    query: includeQuerySchema,
    handle: async ({ params, query }, { store }) => {
      const { run } = await currentRun(store, params);
      return { json: shown(await existingStep(store, run.id, params.step_id), query) };
    },
  }),
];
