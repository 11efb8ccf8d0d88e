import type { MessageContentInput, MessageInput } from '../resolvers/messageWrites.ts';
import { AttachmentInputType } from './attachment.ts';
import { builder, type InputFields } from './builder.ts';
import { MessageRole } from './message.ts';
import { ImageDetail } from './messageContent.ts';

const ImageUrlInput = builder.inputType('ImageUrlInput', {
  description: 'An image at a URL.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description: 'The URL of the image. Supported formats: jpeg, jpg, png, gif, webp.',
    }),
    detail: t.field({
      type: ImageDetail,
      description: 'The detail level at which the model processes the image. Defaults to `AUTO`.',
    }),
  }),
});

const ImageFileInput = builder.inputType('ImageFileInput', {
  description: 'An image in an uploaded file.',
  fields: (t) => ({
    fileId: t.id({ required: true, description: 'ID of the image file.' }),
    detail: t.field({
      type: ImageDetail,
      description: 'The detail level at which the model processes the image. Defaults to `AUTO`.',
    }),
  }),
});

const MessageContentInputType = builder.inputRef<MessageContentInput>('MessageContentInput').implement({
  description: 'A part of the content of a message. Set exactly one field, and not to null.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Text. Up to 256,000 characters.' }),
    imageUrl: t.field({ type: ImageUrlInput, description: 'An image at a URL.' }),
    imageFile: t.field({ type: ImageFileInput, description: 'An image in an uploaded file.' }),
  }),
});

/** The input fields of a new message. */
export const messageFields = (t: InputFields) => ({
  role: t.field({ type: MessageRole, required: true, description: 'The author of the message.' }),
  content: t.field({
    type: [MessageContentInputType],
    required: true,
    description: 'The content parts, in order. At least one.',
  }),
  attachments: t.field({ type: [AttachmentInputType], description: 'The files to attach.' }),
  metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
});

export const MessageInputType = builder.inputRef<MessageInput>('MessageInput').implement({
  description: 'A message to create.',
  fields: messageFields,
});
