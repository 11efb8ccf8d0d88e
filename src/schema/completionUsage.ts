import type { Received } from '../rest/received.ts';
import type { RestUsage } from '../wire/run.ts';
import { builder } from './builder.ts';

const usageOf = (name: 'RunCompletionUsage' | 'RunStepCompletionUsage', description: string) =>
  builder.objectRef<Received<RestUsage>>(name).implement({
    description,
    fields: (t) => ({
      promptTokens: t.exposeInt('prompt_tokens', { nullable: true, description: 'Tokens that the model read.' }),
      completionTokens: t.exposeInt('completion_tokens', {
        nullable: true,
        description: 'Tokens that the model wrote.',
      }),
      totalTokens: t.exposeInt('total_tokens', { nullable: true, description: 'Both together.' }),
    }),
  });

export const RunCompletionUsage = usageOf('RunCompletionUsage', 'What a run has used, over all of its steps.');

export const RunStepCompletionUsage = usageOf('RunStepCompletionUsage', 'What a step has used.');
