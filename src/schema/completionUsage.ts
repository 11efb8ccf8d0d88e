import { pure } from '../execution/purity.ts';
import { cachedPromptTokensOf } from '../resolvers/usage.ts';
import type { Received } from '../rest/received.ts';
import type { RestUsage } from '../wire/run.ts';
import type { RestThreadUsage } from '../wire/thread.ts';
import { builder, type ObjectFields } from './builder.ts';

/** The counts of tokens, which all kinds of usage have. */
const counts = (t: ObjectFields<Received<RestUsage>>, cachedPromptTokens: string) => ({
  promptTokens: t.exposeInt('prompt_tokens', {
    nullable: true,
    description: 'The number of tokens in the prompts.',
  }),
  cachedPromptTokens: t.int({
    nullable: true,
    description: cachedPromptTokens,
    resolve: pure(cachedPromptTokensOf),
  }),
  completionTokens: t.exposeInt('completion_tokens', {
    nullable: true,
    description: 'The number of tokens in the completions.',
  }),
  totalTokens: t.exposeInt('total_tokens', {
    nullable: true,
    description: 'The sum of `promptTokens` and `completionTokens`.',
  }),
});

const usageOf = (name: 'RunCompletionUsage' | 'RunStepCompletionUsage', description: string) =>
  builder.objectRef<Received<RestUsage>>(name).implement({
    description,
    fields: (t) =>
      counts(
        t,
        'The number of prompt tokens that the model read from its cache, which cost less. They are included in `promptTokens`. Null if the server does not return it.',
      ),
  });

export const RunCompletionUsage = usageOf('RunCompletionUsage', 'The tokens used by all steps of a run.');

export const RunStepCompletionUsage = usageOf('RunStepCompletionUsage', 'The tokens used by a step.');

export const ThreadUsage = builder.objectRef<Received<RestThreadUsage>>('ThreadUsage').implement({
  description: 'The tokens used by all ended runs on a thread.',
  fields: (t) => ({
    ...counts(
      t,
      'The number of prompt tokens that were read from a cache, which cost less. They are included in `promptTokens`. Null if it is unknown for one of the runs.',
    ),
    unknownRuns: t.exposeInt('unknown_runs', {
      nullable: true,
      description: 'The number of ended runs whose usage is unknown. The other fields leave them out.',
    }),
  }),
});
