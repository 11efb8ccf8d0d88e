import type { PageQuery } from '../wire/page.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import { objectOf, pageOf } from './parseBody.ts';
import type { RestClient } from './client.ts';
import { type IncludeOption, includeParameter } from './includeOption.ts';
import { path } from './path.ts';

const parentsOf = (threadId: string, runId: string) => ({ thread_id: threadId, run_id: runId });

/** The two operations on the steps of a run. */
export const runSteps = (client: RestClient) => ({
  retrieve: async (threadId: string, runId: string, stepId: string, options: IncludeOption = {}) =>
    client.get(
      path`/threads/${threadId}/runs/${runId}/steps/${stepId}`,
      objectOf<RestRunStep>(parentsOf(threadId, runId)),
      includeParameter(options),
    ),

  list: async (threadId: string, runId: string, { include, ...query }: PageQuery & IncludeOption) =>
    client.get(
      path`/threads/${threadId}/runs/${runId}/steps`,
      pageOf<RestRunStep>(query.limit, parentsOf(threadId, runId)),
      { ...query, ...includeParameter({ include }) },
    ),
});
