import type { MessageContentInput, MessageInput } from '../resolvers/messageWrites.ts';
import { AttachmentInputType } from './attachment.ts';
import { builder, type InputFields } from './builder.ts';
import { MessageRole } from './message.ts';
import { ImageDetail } from './messageContent.ts';

const ImageUrlInput = builder.inputType('ImageUrlInput', {
  description: 'An image on the web.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'Where the image is: jpeg, jpg, png, gif or webp.' }),
    detail: t.field({ type: ImageDetail, description: 'How closely the model looks at it; `AUTO` unless told.' }),
  }),
});

const ImageFileInput = builder.inputType('ImageFileInput', {
  description: 'An image in a file.',
  fields: (t) => ({
    fileId: t.id({ required: true, description: 'Id of the file that holds the image.' }),
    detail: t.field({ type: ImageDetail, description: 'How closely the model looks at it; `AUTO` unless told.' }),
  }),
});

const MessageContentInputType = builder.inputRef<MessageContentInput>('MessageContentInput').implement({
  description: 'A part of a message. Exactly one member.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Text; up to 256,000 characters.' }),
    imageUrl: t.field({ type: ImageUrlInput, description: 'An image on the web.' }),
    imageFile: t.field({ type: ImageFileInput, description: 'An image in a file.' }),
  }),
});

/** The members of a message on its way in, wherever one is taken. */
export const messageFields = (t: InputFields) => ({
  role: t.field({ type: MessageRole, required: true, description: 'Who it speaks for.' }),
  content: t.field({
    type: [MessageContentInputType],
    required: true,
    description: 'Its parts, in order; at least one.',
  }),
  attachments: t.field({ type: [AttachmentInputType], description: 'Files that come with it.' }),
  metadata: t.field({ type: 'Metadata', description: 'Your own notes on it.' }),
});

export const MessageInputType = builder.inputRef<MessageInput>('MessageInput').implement({
  description: 'A message to be.',
  fields: messageFields,
});
