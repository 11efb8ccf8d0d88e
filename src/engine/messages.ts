import type { CreateMessageBody, RestMessage, RestMessageContent } from '../wire/message.ts';
import type { RestThread } from '../wire/thread.ts';
import { unixSeconds } from './clock.ts';
import { httpErrors } from './httpErrors.ts';
import { newId } from './ids.ts';
import type { StoreWrites } from './store/store.ts';
import { withAttachedFiles } from './toolResources.ts';
import { withSearchedFiles } from './vectorStores/attachments.ts';

/** Maximum number of messages in a thread. */
export const threadMessageLimit = 100_000;

const contentOf = (content: CreateMessageBody['content']): RestMessageContent[] => {
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  return parts.map((part) =>
    part.type === 'text' ? { type: 'text', text: { value: part.text, annotations: [] } } : part,
  );
};

/** A message that a client creates. It is complete at once. */
export const newMessage = (threadId: string, body: CreateMessageBody): RestMessage => ({
  id: newId('msg'),
  object: 'thread.message',
  created_at: unixSeconds(),
  thread_id: threadId,
  status: 'completed',
  incomplete_details: null,
  completed_at: unixSeconds(),
  incomplete_at: null,
  role: body.role,
  content: contentOf(body.content),
  assistant_id: null,
  run_id: null,
  attachments: body.attachments ?? [],
  metadata: body.metadata ?? {},
});

/** Gives a thread the files that its new messages attach for tools. */
const attachFiles = async (writes: StoreWrites, thread: RestThread, messages: readonly RestMessage[]) => {
  const attached = withAttachedFiles(thread.tool_resources, messages);
  const resources = await withSearchedFiles(writes, attached, messages);
  if (resources === thread.tool_resources) return thread;
  const changed = { ...thread, tool_resources: resources };
  await writes.threads.update(changed);
  return changed;
};

/**
 * Adds messages at the end of a thread, in the given order. Returns them, and the thread with the files that they attach.
 * @throws {HttpError} 400 if the thread would hold too many, 404 if a file to be searched does not exist
 */
export const addMessages = async (
  writes: StoreWrites,
  thread: RestThread,
  bodies: CreateMessageBody[],
): Promise<{ messages: RestMessage[]; thread: RestThread }> => {
  if (bodies.length === 0) return { messages: [], thread };
  const messages = bodies.map((body) => newMessage(thread.id, body));
  if ((await writes.messages.insert(thread.id, messages)) > threadMessageLimit) {
    throw httpErrors.threadFull(thread.id, threadMessageLimit);
  }
  return { messages, thread: await attachFiles(writes, thread, messages) };
};
