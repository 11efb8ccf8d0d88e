import type { Received } from '../rest/received.ts';
import type {
  RestAnnotation,
  RestFileCitation,
  RestFilePath,
  RestImageFileContent,
  RestImageUrlContent,
  RestMessageContent,
  RestRefusalContent,
  RestTextContent,
} from '../wire/message.ts';
import { builder } from './builder.ts';
import { fileFields } from './fileFields.ts';
import { unknownValue } from './openEnum.ts';
import { openUnion } from './openUnion.ts';

export const MessageContent = openUnion<Received<RestMessageContent>>(
  'MessageContent',
  'A part of the content of a message.',
  {
    text: 'MessageContentText',
    image_file: 'MessageContentImageFile',
    image_url: 'MessageContentImageUrl',
    refusal: 'MessageContentRefusal',
  },
);

export const Annotation = openUnion<Received<RestAnnotation>>('Annotation', 'A reference to a file within a text.', {
  file_citation: 'FileCitationAnnotation',
  file_path: 'FilePathAnnotation',
});

export const ImageDetail = builder.enumType('ImageDetail', {
  description: 'The detail level at which the model processes an image.',
  values: {
    AUTO: { value: 'auto', description: 'The server chooses.' },
    LOW: { value: 'low', description: 'Low resolution, which uses fewer tokens.' },
    HIGH: { value: 'high', description: 'High resolution, which uses more tokens.' },
    ...unknownValue,
  } as const,
});

const TextContent = builder.objectRef<NonNullable<Received<RestTextContent>['text']>>('TextContent').implement({
  description: 'A text with its annotations.',
  fields: (t) => ({
    value: t.exposeString('value', { nullable: true, description: 'The text.' }),
    annotations: t.field({
      type: [Annotation],
      nullable: false,
      description: 'The annotations of the text.',
      resolve: ({ annotations }) => annotations ?? [],
    }),
  }),
});

builder.objectRef<Received<RestTextContent>>('MessageContentText').implement({
  description: 'A text part of a message.',
  interfaces: [MessageContent],
  fields: (t) => ({
    text: t.expose('text', { type: TextContent, nullable: true, description: 'The text with its annotations.' }),
  }),
});

export const ImageFile = builder
  .objectRef<NonNullable<Received<RestImageFileContent>['image_file']>>('ImageFile')
  .implement({
    description: 'An image in an uploaded file.',
    fields: (t) => ({
      ...fileFields(t, 'image file'),
      detail: t.expose('detail', {
        type: ImageDetail,
        nullable: true,
        description: 'The detail level at which the model processes the image.',
      }),
    }),
  });

builder.objectRef<Received<RestImageFileContent>>('MessageContentImageFile').implement({
  description: 'An image part of a message, from an uploaded file.',
  interfaces: [MessageContent],
  fields: (t) => ({
    imageFile: t.expose('image_file', { type: ImageFile, nullable: true, description: 'The image.' }),
  }),
});

export const ImageUrl = builder
  .objectRef<NonNullable<Received<RestImageUrlContent>['image_url']>>('ImageUrl')
  .implement({
    description: 'An image at a URL.',
    fields: (t) => ({
      url: t.exposeString('url', { nullable: true, description: 'The URL of the image.' }),
      detail: t.expose('detail', {
        type: ImageDetail,
        nullable: true,
        description: 'The detail level at which the model processes the image.',
      }),
    }),
  });

builder.objectRef<Received<RestImageUrlContent>>('MessageContentImageUrl').implement({
  description: 'An image part of a message, from a URL.',
  interfaces: [MessageContent],
  fields: (t) => ({
    imageUrl: t.expose('image_url', { type: ImageUrl, nullable: true, description: 'The image.' }),
  }),
});

builder.objectRef<Received<RestRefusalContent>>('MessageContentRefusal').implement({
  description: 'A refusal part of a message: the model declined to answer.',
  interfaces: [MessageContent],
  fields: (t) => ({
    refusal: t.exposeString('refusal', { nullable: true, description: 'The text of the refusal.' }),
  }),
});

builder.interfaceField(Annotation, 'text', (t) =>
  t.string({
    nullable: true,
    description: 'The substring of the text that is annotated.',
    resolve: ({ text }) => text,
  }),
);
builder.interfaceField(Annotation, 'startIndex', (t) =>
  t.int({
    nullable: true,
    description: 'The start of the annotated substring, in characters from the beginning of the text.',
    resolve: ({ start_index }) => start_index,
  }),
);
builder.interfaceField(Annotation, 'endIndex', (t) =>
  t.int({
    nullable: true,
    description: 'The end of the annotated substring, in characters from the beginning of the text. Exclusive.',
    resolve: ({ end_index }) => end_index,
  }),
);

const FileCitation = builder
  .objectRef<NonNullable<Received<RestFileCitation>['file_citation']>>('FileCitation')
  .implement({
    description: 'The cited file.',
    fields: (t) => fileFields(t, 'cited file'),
  });

builder.objectRef<Received<RestFileCitation>>('FileCitationAnnotation').implement({
  description: 'An annotation that cites a file found by file search.',
  interfaces: [Annotation],
  fields: (t) => ({
    fileCitation: t.expose('file_citation', {
      type: FileCitation,
      nullable: true,
      description: 'The cited file.',
    }),
  }),
});

const FilePath = builder.objectRef<NonNullable<Received<RestFilePath>['file_path']>>('FilePath').implement({
  description: 'The generated file.',
  fields: (t) => fileFields(t, 'generated file'),
});

builder.objectRef<Received<RestFilePath>>('FilePathAnnotation').implement({
  description: 'An annotation for a file generated by the code interpreter.',
  interfaces: [Annotation],
  fields: (t) => ({
    filePath: t.expose('file_path', { type: FilePath, nullable: true, description: 'The generated file.' }),
  }),
});
