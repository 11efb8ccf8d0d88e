import type { Received } from '../rest/received.ts';
import type {
  RestCodeInterpreterOutputDelta,
  RestRunStepDelta,
  RestStepDetailsDelta,
  RestToolCallDelta,
} from '../wire/runEvent.ts';
import { builder } from './builder.ts';
import { FunctionCall } from './functionToolCall.ts';
import { openUnion } from './openUnion.ts';
import { CodeInterpreterOutput } from './toolCall.ts';

type Details = Received<RestStepDetailsDelta>;
type Call = Received<RestToolCallDelta>;
type OutputDelta = Received<RestCodeInterpreterOutputDelta>;

const StepDetailsDelta = openUnion<Details>('StepDetailsDelta', 'An addition to the details of a step.', {
  message_creation: 'MessageCreationDelta',
  tool_calls: 'ToolCallsDelta',
});

builder.objectRef<Extract<Details, { type: 'message_creation' }>>('MessageCreationDelta').implement({
  description: 'The step started to create a message.',
  interfaces: [StepDetailsDelta],
  fields: (t) => ({
    messageId: t.id({
      nullable: true,
      description: 'REST ID of the message.',
      resolve: ({ message_creation: creation }) => creation?.message_id,
    }),
  }),
});

const ToolCallDelta = openUnion<Call>('ToolCallDelta', 'An addition to one tool call.', {
  code_interpreter: 'CodeInterpreterToolCallDelta',
  file_search: 'FileSearchToolCallDelta',
  function: 'FunctionToolCallDelta',
});

builder.interfaceFields(ToolCallDelta, (t) => ({
  index: t.exposeInt('index', { nullable: true, description: 'The index of the call in the step, from 0.' }),
  callId: t.id({
    nullable: true,
    description: 'REST ID of the call. Null except in the first delta of the call.',
    resolve: ({ id }) => id,
  }),
}));

builder.objectRef<Extract<Details, { type: 'tool_calls' }>>('ToolCallsDelta').implement({
  description: 'Additions to tool calls.',
  interfaces: [StepDetailsDelta],
  fields: (t) => ({
    toolCalls: t.field({
      type: [ToolCallDelta],
      nullable: false,
      description: 'The additions to each call.',
      resolve: ({ tool_calls }) => tool_calls ?? [],
    }),
  }),
});

builder.objectRef<Extract<Call, { type: 'function' }>>('FunctionToolCallDelta').implement({
  description: 'An addition to a function call.',
  interfaces: [ToolCallDelta],
  fields: (t) => ({
    function: t.expose('function', {
      type: FunctionCall,
      nullable: true,
      description: 'The addition. Append `arguments`. `name` is only in the first delta.',
    }),
  }),
});

const CodeInterpreterOutputDelta = builder.objectRef<OutputDelta>('CodeInterpreterOutputDelta').implement({
  description: 'An addition to one output of the code interpreter.',
  fields: (t) => ({
    index: t.exposeInt('index', { nullable: true, description: 'The index of the output in the call, from 0.' }),
    output: t.field({
      type: CodeInterpreterOutput,
      nullable: false,
      description: 'The addition. Append logs to those already received.',
      resolve: (delta) => delta,
    }),
  }),
});

const CodeInterpreterDelta = builder
  .objectRef<NonNullable<Extract<Call, { type: 'code_interpreter' }>['code_interpreter']>>('CodeInterpreterDelta')
  .implement({
    description: 'An addition to the input and outputs of a code interpreter call.',
    fields: (t) => ({
      input: t.exposeString('input', { nullable: true, description: 'The code to append. Null if there is none.' }),
      outputs: t.field({
        type: [CodeInterpreterOutputDelta],
        nullable: false,
        description: 'The additions to each output.',
        resolve: ({ outputs }) => outputs ?? [],
      }),
    }),
  });

builder.objectRef<Extract<Call, { type: 'code_interpreter' }>>('CodeInterpreterToolCallDelta').implement({
  description: 'An addition to a code interpreter call.',
  interfaces: [ToolCallDelta],
  fields: (t) => ({
    codeInterpreter: t.expose('code_interpreter', {
      type: CodeInterpreterDelta,
      nullable: true,
      description: 'The addition.',
    }),
  }),
});

builder.objectRef<Extract<Call, { type: 'file_search' }>>('FileSearchToolCallDelta').implement({
  description: 'An addition to a file search call.',
  interfaces: [ToolCallDelta],
  fields: (t) => ({
    fileSearch: t.expose('file_search', {
      type: 'JSON',
      nullable: true,
      description: 'The addition as the upstream sent it. The REST API does not define its shape.',
    }),
  }),
});

export const RunStepDelta = builder
  .objectRef<NonNullable<Received<RestRunStepDelta>['delta']>>('RunStepDelta')
  .implement({
    description: 'An addition to a step. Merge the calls by their `index`.',
    fields: (t) => ({
      stepDetails: t.expose('step_details', { type: StepDetailsDelta, nullable: true, description: 'The addition.' }),
    }),
  });
