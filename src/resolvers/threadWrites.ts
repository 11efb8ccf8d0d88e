import type { Context } from '../context/context.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import type { RestMetadata } from '../wire/page.ts';
import type { CreateThreadBody } from '../wire/thread.ts';
import { writeOptions } from './idempotencyKey.ts';
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

export interface ModifyThreadInput extends WriteOptions {
  threadId: string;
  toolResources?: ToolResourcesInput | null | undefined;
  metadata?: RestMetadata | null | undefined;
}

export const threadBody = ({ messages, toolResources, metadata }: ThreadInput): CreateThreadBody => ({
  messages: messages?.map(messageBody),
  tool_resources: toolResources && createToolResourcesBody(toolResources),
  metadata,
});

export const createThread = async (input: ThreadInput & WriteOptions, { rest, loaders }: Context) => {
  const thread = await rest.threads.create(threadBody(input), writeOptions(input));
  loaders.threads.wrote(thread);
  return { thread };
};

export const modifyThread = async (input: ModifyThreadInput, { rest, loaders }: Context) => {
  const { threadId, toolResources, metadata } = input;
  const body = { tool_resources: toolResources && toolResourcesBody(toolResources), metadata };
  const thread = await rest.threads.modify(threadId, body, writeOptions(input));
  loaders.threads.wrote(thread);
  return { thread };
};

export const deleteThread = async (input: { threadId: string } & WriteOptions, { rest, loaders }: Context) => {
  const { threadId } = input;
  await rest.threads.delete(threadId, writeOptions(input));
  loaders.threads.deleted(threadId);
  return { deletedThreadId: encodeGlobalId('Thread', threadId) };
};
