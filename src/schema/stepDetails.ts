import { pure } from '../execution/purity.ts';
import { messageOf } from '../resolvers/message.ts';
import type { Received } from '../rest/received.ts';
import type { RestMessageCreationDetails, RestStepDetails, RestToolCallsDetails } from '../wire/runStep.ts';
import { builder } from './builder.ts';
import { edgeTo } from './edgeTo.ts';
import { Message } from './message.ts';
import { openUnion } from './openUnion.ts';
import { ToolCall } from './toolCall.ts';

/** The message is found by its thread too, which only the step knows. */
export type StepDetailsOf = Received<RestStepDetails> & { thread_id?: string };

export const StepDetails = openUnion<StepDetailsOf>('StepDetails', 'What a step did.', {
  message_creation: 'RunStepDetailsMessageCreation',
  tool_calls: 'RunStepDetailsToolCalls',
});

type Creation = Received<RestMessageCreationDetails> & { thread_id?: string };

const MessageCreation = builder
  .objectRef<{ message_id?: string | null | undefined; thread_id: string }>('MessageCreation')
  .implement({
    description: 'The message that a step wrote.',
    fields: (t) => ({
      messageId: t.exposeID('message_id', { nullable: true, description: 'REST id of the message.' }),
      message: t.field({
        type: Message,
        nullable: true,
        description: edgeTo('The message.'),
        resolve: ({ message_id: messageId, thread_id: threadId }, _, context, info) =>
          messageId == null ? null : messageOf({ threadId, messageId }, context, info),
      }),
    }),
  });

builder.objectRef<Creation>('RunStepDetailsMessageCreation').implement({
  description: 'A step that wrote a message.',
  interfaces: [StepDetails],
  fields: (t) => ({
    messageCreation: t.field({
      type: MessageCreation,
      nullable: true,
      description: 'The message that it wrote.',
      resolve: pure(({ message_creation, thread_id = '' }) => message_creation && { ...message_creation, thread_id }),
    }),
  }),
});

builder.objectRef<Received<RestToolCallsDetails>>('RunStepDetailsToolCalls').implement({
  description: 'A step that called tools.',
  interfaces: [StepDetails],
  fields: (t) => ({
    toolCalls: t.field({
      type: [ToolCall],
      nullable: false,
      description: 'The calls, in order.',
      resolve: pure(({ tool_calls }) => tool_calls ?? []),
    }),
  }),
});
