import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { RunKey } from '../loaders/run.ts';
import type { RunStepKey } from '../loaders/runStep.ts';
import type { Received } from '../rest/received.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import { needsFileContent } from './fileContent.ts';
import { type ConnectionArgs, paginate } from './pagination.ts';
import { lookUp, type Reference } from './reference.ts';
import { needsPageInfo } from './selection.ts';

type RunStep = Received<RestRunStep>;

export const runStepReference = (key: RunStepKey, { loaders }: Context): Reference<RunStep> => ({
  type: 'RunStep',
  ids: { id: key.stepId, thread_id: key.threadId, run_id: key.runId },
  load: () => loaders.runSteps.load(key),
});

export const runStepById = (key: Omit<RunStepKey, 'include'>, context: Context, info: GraphQLResolveInfo) =>
  lookUp(runStepReference({ ...key, include: needsFileContent(info) }, context), context, info);

export const runStepList = ({ threadId, runId }: RunKey) => `steps/${threadId}/${runId}`;

export const stepsOf = (run: RunKey, args: ConnectionArgs, { loaders, limits }: Context, info: GraphQLResolveInfo) => {
  const list = { ...run, include: needsFileContent(info) };
  return paginate(args, { name: runStepList(run), page: (window) => loaders.runSteps.page(list, window) }, limits, {
    pageInfo: needsPageInfo(info),
  });
};
