import type { Context } from '../context/context.ts';
import type { RestMetadata } from '../wire/page.ts';
import type { CreateThreadBody } from '../wire/thread.ts';
import { encodeGlobalId } from './globalId.ts';
import { type MessageInput, messageBody } from './messageWrites.ts';
import {
  type CreateToolResourcesInput,
  createToolResourcesBody,
  type ToolResourcesInput,
  toolResourcesBody,
} from './toolResourcesInput.ts';

export interface ThreadInput {
  messages?: MessageInput[] | null | undefined;
  toolResources?: CreateToolResourcesInput | null | undefined;
  metadata?: RestMetadata | null | undefined;
}

export interface ModifyThreadInput {
  threadId: string;
  toolResources?: ToolResourcesInput | null | undefined;
  metadata?: RestMetadata | null | undefined;
}

export const threadBody = ({ messages, toolResources, metadata }: ThreadInput): CreateThreadBody => ({
  messages: messages?.map(messageBody),
  tool_resources: toolResources && createToolResourcesBody(toolResources),
  metadata,
});

export const createThread = async (input: ThreadInput, { rest, loaders }: Context) => {
  const thread = await rest.threads.create(threadBody(input));
  loaders.threads.wrote(thread);
  return { thread };
};

export const modifyThread = async (input: ModifyThreadInput, { rest, loaders }: Context) => {
  const { threadId, toolResources, metadata } = input;
  const thread = await rest.threads.modify(threadId, {
    tool_resources: toolResources && toolResourcesBody(toolResources),
    metadata,
  });
  loaders.threads.wrote(thread);
  return { thread };
};

export const deleteThread = async ({ threadId }: { threadId: string }, { rest, loaders }: Context) => {
  await rest.threads.delete(threadId);
  loaders.threads.deleted(threadId);
  return { deletedThreadId: encodeGlobalId('Thread', threadId) };
};
