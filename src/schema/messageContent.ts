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
import { unknownValue } from './openEnum.ts';
import { openUnion } from './openUnion.ts';

export const MessageContent = openUnion<Received<RestMessageContent>>('MessageContent', 'A part of a message.', {
  text: 'MessageContentText',
  image_file: 'MessageContentImageFile',
  image_url: 'MessageContentImageUrl',
  refusal: 'MessageContentRefusal',
});

export const Annotation = openUnion<Received<RestAnnotation>>(
  'Annotation',
  'A reference that a stretch of text stands for.',
  {
    file_citation: 'FileCitationAnnotation',
    file_path: 'FilePathAnnotation',
  },
);

export const ImageDetail = builder.enumType('ImageDetail', {
  description: 'How closely the model looks at an image: the closer, the more tokens.',
  values: {
    AUTO: { value: 'auto', description: 'As the server sees fit.' },
    LOW: { value: 'low', description: 'Coarsely, for few tokens.' },
    HIGH: { value: 'high', description: 'Closely, for more tokens.' },
    ...unknownValue,
  } as const,
});

const TextContent = builder.objectRef<NonNullable<Received<RestTextContent>['text']>>('TextContent').implement({
  description: 'A text and its references.',
  fields: (t) => ({
    value: t.exposeString('value', { nullable: true, description: 'The text.' }),
    annotations: t.field({
      type: [Annotation],
      nullable: false,
      description: 'What stretches of the text refer to.',
      resolve: ({ annotations }) => annotations ?? [],
    }),
  }),
});

builder.objectRef<Received<RestTextContent>>('MessageContentText').implement({
  description: 'A part that is text.',
  interfaces: [MessageContent],
  fields: (t) => ({
    text: t.expose('text', { type: TextContent, nullable: true, description: 'The text and its references.' }),
  }),
});

export const ImageFile = builder
  .objectRef<NonNullable<Received<RestImageFileContent>['image_file']>>('ImageFile')
  .implement({
    description: 'An image in a file.',
    fields: (t) => ({
      fileId: t.exposeID('file_id', { nullable: true, description: 'Id of the file that holds the image.' }),
      detail: t.expose('detail', {
        type: ImageDetail,
        nullable: true,
        description: 'How closely the model looks at it.',
      }),
    }),
  });

builder.objectRef<Received<RestImageFileContent>>('MessageContentImageFile').implement({
  description: 'A part that is an image in a file.',
  interfaces: [MessageContent],
  fields: (t) => ({
    imageFile: t.expose('image_file', { type: ImageFile, nullable: true, description: 'The image.' }),
  }),
});

export const ImageUrl = builder
  .objectRef<NonNullable<Received<RestImageUrlContent>['image_url']>>('ImageUrl')
  .implement({
    description: 'An image on the web.',
    fields: (t) => ({
      url: t.exposeString('url', { nullable: true, description: 'Where the image is.' }),
      detail: t.expose('detail', {
        type: ImageDetail,
        nullable: true,
        description: 'How closely the model looks at it.',
      }),
    }),
  });

builder.objectRef<Received<RestImageUrlContent>>('MessageContentImageUrl').implement({
  description: 'A part that is an image on the web.',
  interfaces: [MessageContent],
  fields: (t) => ({
    imageUrl: t.expose('image_url', { type: ImageUrl, nullable: true, description: 'The image.' }),
  }),
});

builder.objectRef<Received<RestRefusalContent>>('MessageContentRefusal').implement({
  description: 'A part in which the model declines to answer.',
  interfaces: [MessageContent],
  fields: (t) => ({
    refusal: t.exposeString('refusal', { nullable: true, description: 'What the model said instead.' }),
  }),
});

builder.interfaceField(Annotation, 'text', (t) =>
  t.string({
    nullable: true,
    description: 'The stretch of the text that stands for the reference.',
    resolve: ({ text }) => text,
  }),
);
builder.interfaceField(Annotation, 'startIndex', (t) =>
  t.int({
    nullable: true,
    description: 'Where the stretch begins, in characters from the beginning of the text.',
    resolve: ({ start_index }) => start_index,
  }),
);
builder.interfaceField(Annotation, 'endIndex', (t) =>
  t.int({
    nullable: true,
    description: 'Where the stretch ends, in characters from the beginning of the text.',
    resolve: ({ end_index }) => end_index,
  }),
);

const FileCitation = builder
  .objectRef<NonNullable<Received<RestFileCitation>['file_citation']>>('FileCitation')
  .implement({
    description: 'The file that is cited.',
    fields: (t) => ({
      fileId: t.exposeID('file_id', { nullable: true, description: 'Id of the file that is cited.' }),
    }),
  });

builder.objectRef<Received<RestFileCitation>>('FileCitationAnnotation').implement({
  description: 'A citation from a file that file search found.',
  interfaces: [Annotation],
  fields: (t) => ({
    fileCitation: t.expose('file_citation', {
      type: FileCitation,
      nullable: true,
      description: 'The file that is cited.',
    }),
  }),
});

const FilePath = builder.objectRef<NonNullable<Received<RestFilePath>['file_path']>>('FilePath').implement({
  description: 'The file that was made.',
  fields: (t) => ({
    fileId: t.exposeID('file_id', { nullable: true, description: 'Id of the file that was made.' }),
  }),
});

builder.objectRef<Received<RestFilePath>>('FilePathAnnotation').implement({
  description: 'A file that the code interpreter made.',
  interfaces: [Annotation],
  fields: (t) => ({
    filePath: t.expose('file_path', { type: FilePath, nullable: true, description: 'The file that was made.' }),
  }),
});
