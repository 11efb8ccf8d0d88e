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
    description: 'What a function is called with, and what it returned.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: true, description: 'The name of the function.' }),
      arguments: t.exposeString('arguments', {
        nullable: true,
        description: 'The arguments as the model wrote them: JSON, but not for certain. See also `parsedArguments`.',
      }),
      output: t.exposeString('output', {
        nullable: true,
        description: 'What your application submitted for it, to the byte. Null until then, and in a required action.',
      }),
    }),
  });

export const FunctionToolCall = builder.objectRef<Call>('FunctionToolCall').implement({
  description: 'A call of a function of your application, either pending in a required action or recorded in a step.',
  interfaces: [ToolCall],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'REST id of the call. Pass it as `toolCallId`.' }),
    type: t.string({
      nullable: false,
      description: 'The kind of call, as REST names it: `function`.',
      resolve: ({ type }) => type ?? 'function',
    }),
    function: t.field({
      type: FunctionCall,
      nullable: true,
      description: 'What is called, and with what.',
      resolve: (call) => call.function,
    }),
    parsedArguments: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The arguments as JSON. Null where the model wrote something that is not JSON.',
      resolve: (call) => parsedArgumentsOf(call.function?.arguments),
    }),
  }),
});
