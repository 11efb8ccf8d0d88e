import { pure } from '../execution/purity.ts';
import { messageOf } from '../resolvers/message.ts';
import type { Received } from '../rest/received.ts';
import type { RestMessageCreationDetails, RestStepDetails, RestToolCallsDetails } from '../wire/runStep.ts';
import { builder } from './builder.ts';
import { Message } from './message.ts';
import { openUnion } from './openUnion.ts';
import { ToolCall } from './toolCall.ts';
import { edgeTo } from './restField.ts';

/** Looking up the message takes the id of its thread, which only the step has. */
export type StepDetailsSource = Received<RestStepDetails> & { thread_id?: string };

export const StepDetails = openUnion<StepDetailsSource>('StepDetails', 'The details of a run step.', {
  message_creation: 'RunStepDetailsMessageCreation',
  tool_calls: 'RunStepDetailsToolCalls',
});

type Creation = Received<RestMessageCreationDetails> & { thread_id?: string };

const MessageCreation = builder
  .objectRef<{ message_id?: string | null | undefined; thread_id: string }>('MessageCreation')
  .implement({
    description: 'The message that a step created.',
    fields: (t) => ({
      messageId: t.exposeID('message_id', { nullable: true, description: 'REST ID of the message.' }),
      message: t.field({
        type: Message,
        ...edgeTo('The message.'),
        resolve: ({ message_id: messageId, thread_id: threadId }, _, context, info) =>
          messageId == null ? null : messageOf({ threadId, messageId }, context, info),
      }),
    }),
  });

builder.objectRef<Creation>('RunStepDetailsMessageCreation').implement({
  description: 'The details of a step that created a message.',
  interfaces: [StepDetails],
  fields: (t) => ({
    messageCreation: t.field({
      type: MessageCreation,
      nullable: true,
      description: 'The message that the step created.',
      resolve: pure(({ message_creation, thread_id = '' }) => message_creation && { ...message_creation, thread_id }),
    }),
  }),
});

builder.objectRef<Received<RestToolCallsDetails>>('RunStepDetailsToolCalls').implement({
  description: 'The details of a step that called tools.',
  interfaces: [StepDetails],
  fields: (t) => ({
    toolCalls: t.field({
      type: [ToolCall],
      nullable: false,
      description: 'The tool calls, in order.',
      resolve: pure(({ tool_calls }) => tool_calls ?? []),
    }),
  }),
});
