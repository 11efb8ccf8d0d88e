import type { Received } from '../rest/received.ts';
import type { RestUsage } from '../wire/run.ts';
import { builder } from './builder.ts';

const usageOf = (name: 'RunCompletionUsage' | 'RunStepCompletionUsage', description: string) =>
  builder.objectRef<Received<RestUsage>>(name).implement({
    description,
    fields: (t) => ({
      promptTokens: t.exposeInt('prompt_tokens', {
        nullable: true,
        description: 'The number of tokens in the prompts.',
      }),
      completionTokens: t.exposeInt('completion_tokens', {
        nullable: true,
        description: 'The number of tokens in the completions.',
      }),
      totalTokens: t.exposeInt('total_tokens', {
        nullable: true,
        description: 'The sum of `promptTokens` and `completionTokens`.',
      }),
    }),
  });

export const RunCompletionUsage = usageOf('RunCompletionUsage', 'The tokens used by all steps of a run.');

export const RunStepCompletionUsage = usageOf('RunStepCompletionUsage', 'The tokens used by a step.');
