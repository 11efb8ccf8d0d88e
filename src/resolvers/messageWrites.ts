import type { Context } from '../context/context.ts';
import type { MessageKey } from '../loaders/message.ts';
import type { RequestBody } from '../rest/requestBody.ts';
import type {
  CreateMessageBody,
  RestAttachment,
  RestAttachmentTool,
  RestImageFileContent,
  RestImageUrlContent,
  RestMessageContentInput,
} from '../wire/message.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import type { RestMetadata } from '../wire/page.ts';
import { userInputError } from '../context/errors.ts';
import { type ActiveRunPolicy, withActiveRunPolicy } from './activeRun.ts';
import { encodeGlobalId } from './globalId.ts';
import { writeOptions } from './idempotencyKey.ts';
import { messageList } from './message.ts';
import { Edge } from './connection.ts';
import { type CamelKeys, restKeys, withoutNulls } from './restKeys.ts';

type Maybe<T> = T | null | undefined;

/** Exactly one member is set. */
export interface MessageContentInput {
  text?: Maybe<string>;
  imageUrl?: Maybe<CamelKeys<RequestBody<RestImageUrlContent['image_url']>>>;
  imageFile?: Maybe<CamelKeys<RequestBody<RestImageFileContent['image_file']>>>;
}

export interface AttachmentInput {
  fileId?: Maybe<string>;
  tools?: Maybe<AttachmentToolInput[]>;
}

/** Exactly one member is set. */
export interface AttachmentToolInput {
  codeInterpreter?: Maybe<boolean>;
  fileSearch?: Maybe<boolean>;
}

export interface MessageInput extends Pick<CreateMessageBody, 'role' | 'metadata'> {
  content: MessageContentInput[];
  attachments?: Maybe<AttachmentInput[]>;
}

export interface CreateMessageInput extends MessageInput, WriteOptions {
  threadId: string;
  onActiveRun?: Maybe<ActiveRunPolicy>;
}

export interface ModifyMessageInput extends MessageKey, WriteOptions {
  metadata?: Maybe<RestMetadata>;
}

export const messageBody = ({ role, content, attachments, metadata }: MessageInput): CreateMessageBody => ({
  role,
  content: content.map(contentBody),
  attachments: attachments && attachments.map(attachmentBody),
  metadata,
});

const contentBody = ({ text, imageUrl, imageFile }: MessageContentInput): RestMessageContentInput => {
  if (imageUrl) return { type: 'image_url', image_url: restKeys(withoutNulls(imageUrl)) };
  if (imageFile) return { type: 'image_file', image_file: restKeys(withoutNulls(imageFile)) };
  return { type: 'text', text: text ?? '' };
};

const attachmentBody = ({ fileId, tools }: AttachmentInput): RestAttachment => ({
  file_id: fileId ?? undefined,
  tools: tools?.map(attachmentToolBody),
});

const attachmentToolBody = ({ codeInterpreter, fileSearch }: AttachmentToolInput): RestAttachmentTool => {
  if (codeInterpreter) return { type: 'code_interpreter' };
  if (fileSearch) return { type: 'file_search' };
  throw userInputError('A tool of an attachment cannot be false. Leave it out of `tools` instead.');
};

export const createMessage = async (input: CreateMessageInput, context: Context) => {
  const { threadId, onActiveRun, ...message } = input;
  const { rest, loaders } = context;
  const body = messageBody(message);
  const write = writeOptions(input);
  const created = await withActiveRunPolicy(onActiveRun, threadId, context, () =>
    rest.messages.create(threadId, body, write),
  );
  loaders.messages.wrote(created);
  return { message: created, messageEdge: new Edge(created, messageList(threadId)) };
};

export const modifyMessage = async (input: ModifyMessageInput, { rest, loaders }: Context) => {
  const { threadId, messageId, metadata } = input;
  const message = await rest.messages.modify(threadId, messageId, { metadata }, writeOptions(input));
  loaders.messages.wrote(message);
  return { message };
};

export const deleteMessage = async (input: MessageKey & WriteOptions, { rest, loaders }: Context) => {
  const { threadId, messageId } = input;
  await rest.messages.delete(threadId, messageId, writeOptions(input));
  loaders.messages.deleted({ threadId, messageId });
  return { deletedMessageId: encodeGlobalId('Message', threadId, messageId) };
};
