import type { Received } from '../rest/received.ts';
import type { RestRequiredAction } from '../wire/run.ts';
import { builder } from './builder.ts';
import { FunctionToolCall } from './functionToolCall.ts';

const SubmitToolOutputs = builder
  .objectRef<NonNullable<Received<RestRequiredAction>['submit_tool_outputs']>>('SubmitToolOutputs')
  .implement({
    description: 'The calls whose outputs a run is waiting for, all of them to be submitted at once.',
    fields: (t) => ({
      toolCalls: t.field({
        type: [FunctionToolCall],
        nullable: false,
        description: 'The calls.',
        resolve: ({ tool_calls }) => tool_calls ?? [],
      }),
    }),
  });

export const RequiredAction = builder.objectRef<Received<RestRequiredAction>>('RequiredAction').implement({
  description: 'What a run is waiting for.',
  fields: (t) => ({
    type: t.string({
      nullable: false,
      description: 'The kind of action, as REST names it: `submit_tool_outputs`.',
      resolve: ({ type }) => type ?? 'submit_tool_outputs',
    }),
    submitToolOutputs: t.expose('submit_tool_outputs', {
      type: SubmitToolOutputs,
      nullable: true,
      description: 'The calls whose outputs it is waiting for.',
    }),
  }),
});
