import type { Received } from '../rest/received.ts';
import type { RestRequiredAction } from '../wire/run.ts';
import { builder } from './builder.ts';
import { FunctionToolCall } from './functionToolCall.ts';

const SubmitToolOutputs = builder
  .objectRef<NonNullable<Received<RestRequiredAction>['submit_tool_outputs']>>('SubmitToolOutputs')
  .implement({
    description: 'The function calls that a run is waiting for. Submit all of their outputs at once.',
    fields: (t) => ({
      toolCalls: t.field({
        type: [FunctionToolCall],
        nullable: false,
        description: 'The function calls.',
        resolve: ({ tool_calls }) => tool_calls ?? [],
      }),
    }),
  });

export const RequiredAction = builder.objectRef<Received<RestRequiredAction>>('RequiredAction').implement({
  description: 'The action that a run requires to continue.',
  fields: (t) => ({
    type: t.string({
      nullable: false,
      description: 'The type of the action in the REST API: `submit_tool_outputs`.',
      resolve: ({ type }) => type ?? 'submit_tool_outputs',
    }),
    submitToolOutputs: t.expose('submit_tool_outputs', {
      type: SubmitToolOutputs,
      nullable: true,
      description: 'The function calls whose outputs are required.',
    }),
  }),
});
