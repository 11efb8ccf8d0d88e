import type { Received } from '../rest/received.ts';
import { parsedArgumentsOf } from '../resolvers/functionToolCall.ts';
import type { RestRunToolCall } from '../wire/run.ts';
import type { RestFunctionCall } from '../wire/runStep.ts';
import { builder } from './builder.ts';
import { ToolCall } from './toolCall.ts';

type Call = Received<RestRunToolCall> | Received<RestFunctionCall>;

export const FunctionCall = builder
  .objectRef<NonNullable<Received<RestFunctionCall>['function']>>('FunctionCall')
  .implement({
    description: 'The function that is called, its arguments and its output.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: true, description: 'The name of the function.' }),
      arguments: t.exposeString('arguments', {
        nullable: true,
        description:
          'The arguments as the model generated them. Usually valid JSON, but this is not guaranteed. See also `parsedArguments`.',
      }),
      output: t.exposeString('output', {
        nullable: true,
        description:
          'The output that was submitted for the call, byte for byte. Null until it is submitted, and in a required action.',
      }),
    }),
  });

export const FunctionToolCall = builder.objectRef<Call>('FunctionToolCall').implement({
  description: 'A call of a function of your application, either pending in a required action or recorded in a step.',
  interfaces: [ToolCall],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'REST ID of the call. Pass it as `toolCallId`.' }),
    type: t.string({
      nullable: false,
      description: 'The type of the call in the REST API: `function`.',
      resolve: ({ type }) => type ?? 'function',
    }),
    function: t.field({
      type: FunctionCall,
      nullable: true,
      description: 'The function that is called.',
      resolve: (call) => call.function,
    }),
    parsedArguments: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The arguments, parsed as JSON. Null if they are not valid JSON.',
      resolve: (call) => parsedArgumentsOf(call.function?.arguments),
    }),
  }),
});
