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

const StepDetailsDelta = openUnion<Details>('StepDetailsDelta', 'What was added to the details of a step.', {
  message_creation: 'MessageCreationDelta',
  tool_calls: 'ToolCallsDelta',
});

builder.objectRef<Extract<Details, { type: 'message_creation' }>>('MessageCreationDelta').implement({
  description: 'The step began to write a message.',
  interfaces: [StepDetailsDelta],
  fields: (t) => ({
    messageId: t.id({
      nullable: true,
      description: 'REST id of the message.',
      resolve: ({ message_creation: creation }) => creation?.message_id,
    }),
  }),
});

const ToolCallDelta = openUnion<Call>('ToolCallDelta', 'What was added to one call of a tool.', {
  code_interpreter: 'CodeInterpreterToolCallDelta',
  file_search: 'FileSearchToolCallDelta',
  function: 'FunctionToolCallDelta',
});

builder.interfaceFields(ToolCallDelta, (t) => ({
  index: t.exposeInt('index', { nullable: true, description: 'Which call of the step, counted from 0.' }),
  callId: t.id({
    nullable: true,
    description: 'REST id of the call. Comes with the first delta of a call only.',
    resolve: ({ id }) => id,
  }),
}));

builder.objectRef<Extract<Details, { type: 'tool_calls' }>>('ToolCallsDelta').implement({
  description: 'Calls began, or went on.',
  interfaces: [StepDetailsDelta],
  fields: (t) => ({
    toolCalls: t.field({
      type: [ToolCallDelta],
      nullable: false,
      description: 'The additions, by call.',
      resolve: ({ tool_calls }) => tool_calls ?? [],
    }),
  }),
});

builder.objectRef<Extract<Call, { type: 'function' }>>('FunctionToolCallDelta').implement({
  description: 'An addition to the call of a function.',
  interfaces: [ToolCallDelta],
  fields: (t) => ({
    function: t.expose('function', {
      type: FunctionCall,
      nullable: true,
      description: 'What was added: `arguments` is to be appended, `name` comes once.',
    }),
  }),
});

const CodeInterpreterOutputDelta = builder.objectRef<OutputDelta>('CodeInterpreterOutputDelta').implement({
  description: 'What was added to one output of the code interpreter.',
  fields: (t) => ({
    index: t.exposeInt('index', { nullable: true, description: 'Which output of the call, counted from 0.' }),
    output: t.field({
      type: CodeInterpreterOutput,
      nullable: false,
      description: 'The addition: logs are to be appended.',
      resolve: (delta) => delta,
    }),
  }),
});

const CodeInterpreterDelta = builder
  .objectRef<NonNullable<Extract<Call, { type: 'code_interpreter' }>['code_interpreter']>>('CodeInterpreterDelta')
  .implement({
    description: 'What was added to a use of the code interpreter.',
    fields: (t) => ({
      input: t.exposeString('input', { nullable: true, description: 'Code to append.' }),
      outputs: t.field({
        type: [CodeInterpreterOutputDelta],
        nullable: false,
        description: 'The additions, by output.',
        resolve: ({ outputs }) => outputs ?? [],
      }),
    }),
  });

builder.objectRef<Extract<Call, { type: 'code_interpreter' }>>('CodeInterpreterToolCallDelta').implement({
  description: 'An addition to a use of the code interpreter.',
  interfaces: [ToolCallDelta],
  fields: (t) => ({
    codeInterpreter: t.expose('code_interpreter', {
      type: CodeInterpreterDelta,
      nullable: true,
      description: 'What was added.',
    }),
  }),
});

builder.objectRef<Extract<Call, { type: 'file_search' }>>('FileSearchToolCallDelta').implement({
  description: 'A file search began, or went on.',
  interfaces: [ToolCallDelta],
  fields: (t) => ({
    fileSearch: t.expose('file_search', {
      type: 'JSON',
      nullable: true,
      description: 'What was added, as the upstream sent it: REST leaves its shape open.',
    }),
  }),
});

export const RunStepDelta = builder
  .objectRef<NonNullable<Received<RestRunStepDelta>['delta']>>('RunStepDelta')
  .implement({
    description: 'What was added to a step. Calls belong together by their `index`.',
    fields: (t) => ({
      stepDetails: t.expose('step_details', { type: StepDetailsDelta, nullable: true, description: 'The addition.' }),
    }),
  });
