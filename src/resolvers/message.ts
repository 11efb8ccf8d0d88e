import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { MessageKey } from '../loaders/message.ts';
import type { Received } from '../rest/received.ts';
import type { RestMessage } from '../wire/message.ts';
import { type ConnectionArgs, paginate } from './pagination.ts';
import { follow, lookUp, type Reference } from './reference.ts';
import { needsPageInfo } from './selection.ts';

type Message = Received<RestMessage>;

export const messageReference = (key: MessageKey, { loaders }: Context): Reference<Message> => ({
  type: 'Message',
  ids: { id: key.messageId, thread_id: key.threadId },
  load: () => loaders.messages.load(key),
});

export const messageById = (key: MessageKey, context: Context, info: GraphQLResolveInfo) =>
  lookUp(messageReference(key, context), context, info);

/** The message that a step created; null if it has been deleted. */
export const messageOf = (key: MessageKey, context: Context, info: GraphQLResolveInfo) =>
  follow(messageReference(key, context), context, info);

/** The name of the list in cursors. The messages of a run belong to the list of their thread. */
export const messageList = (threadId: string) => `messages/${threadId}`;

/** The messages of a thread; with `runId`, only those that this run generated. */
export const messagesOf = (
  { threadId, runId }: { threadId: string; runId?: string | null | undefined },
  args: ConnectionArgs,
  { loaders, limits }: Context,
  info: GraphQLResolveInfo,
) => {
  const list = runId == null ? { threadId } : { threadId, runId };
  return paginate(
    args,
    { name: messageList(threadId), page: (window) => loaders.messages.page(list, window) },
    limits,
    { pageInfo: needsPageInfo(info) },
  );
};

/** The text parts of a message, joined by line breaks; empty if there are none. */
export const messageText = ({ content }: Message) => {
  let text: string | undefined;
  for (const part of content ?? []) {
    if (part.type !== 'text' || part.text?.value == null) continue;
    text = text === undefined ? part.text.value : `${text}\n${part.text.value}`;
  }
  return text ?? '';
};
