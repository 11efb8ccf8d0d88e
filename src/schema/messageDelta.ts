import type { Received } from '../rest/received.ts';
import type { RestImageFileContent, RestImageUrlContent } from '../wire/message.ts';
import type { RestAnnotationDelta, RestMessageContentDelta, RestMessageDelta } from '../wire/runEvent.ts';
import { builder } from './builder.ts';
import { MessageRole } from './message.ts';
import { Annotation, ImageFile, ImageUrl } from './messageContent.ts';
import { openUnion } from './openUnion.ts';

type Content = Received<RestMessageContentDelta>;

const MessageDeltaContent = openUnion<Content>('MessageDeltaContent', 'An addition to one part of a message.', {
  text: 'MessageDeltaContentText',
  image_file: 'MessageDeltaContentImageFile',
  image_url: 'MessageDeltaContentImageUrl',
  refusal: 'MessageDeltaContentRefusal',
});

builder.interfaceField(MessageDeltaContent, 'index', (t) =>
  t.exposeInt('index', { nullable: true, description: 'The index of the part in the message, from 0.' }),
);

const AnnotationDelta = builder.objectRef<Received<RestAnnotationDelta>>('MessageDeltaAnnotation').implement({
  description: 'An annotation added to a text.',
  fields: (t) => ({
    index: t.exposeInt('index', { nullable: true, description: 'The index of the annotation in the text, from 0.' }),
    annotation: t.field({
      type: Annotation,
      nullable: false,
      description: 'The annotation.',
      resolve: (delta) => delta,
    }),
  }),
});

const TextDelta = builder
  .objectRef<NonNullable<Extract<Content, { type: 'text' }>['text']>>('MessageDeltaTextContent')
  .implement({
    description: 'Text to append, with annotations to add.',
    fields: (t) => ({
      value: t.exposeString('value', { nullable: true, description: 'The text to append.' }),
      annotations: t.expose('annotations', {
        type: [AnnotationDelta],
        nullable: true,
        description: 'The annotations to add. Null if there are none.',
      }),
    }),
  });

builder.objectRef<Extract<Content, { type: 'text' }>>('MessageDeltaContentText').implement({
  description: 'An addition to a text part.',
  interfaces: [MessageDeltaContent],
  fields: (t) => ({
    text: t.expose('text', { type: TextDelta, nullable: true, description: 'The text to append.' }),
  }),
});

builder.objectRef<Received<RestImageFileContent>>('MessageDeltaContentImageFile').implement({
  description: 'An image part of a message, from an uploaded file.',
  interfaces: [MessageDeltaContent],
  fields: (t) => ({
    imageFile: t.expose('image_file', { type: ImageFile, nullable: true, description: 'The image.' }),
  }),
});

builder.objectRef<Received<RestImageUrlContent>>('MessageDeltaContentImageUrl').implement({
  description: 'An image part of a message, from a URL.',
  interfaces: [MessageDeltaContent],
  fields: (t) => ({
    imageUrl: t.expose('image_url', { type: ImageUrl, nullable: true, description: 'The image.' }),
  }),
});

builder.objectRef<Extract<Content, { type: 'refusal' }>>('MessageDeltaContentRefusal').implement({
  description: 'An addition to a refusal part.',
  interfaces: [MessageDeltaContent],
  fields: (t) => ({
    refusal: t.exposeString('refusal', { nullable: true, description: 'The text to append.' }),
  }),
});

export const MessageDelta = builder
  .objectRef<NonNullable<Received<RestMessageDelta>['delta']>>('MessageDelta')
  .implement({
    description: 'An addition to a message. Merge the parts by their `index`.',
    fields: (t) => ({
      role: t.expose('role', {
        type: MessageRole,
        nullable: true,
        description: 'The author of the message. Null in most deltas.',
      }),
      content: t.field({
        type: [MessageDeltaContent],
        nullable: false,
        description: 'The additions to each part.',
        resolve: ({ content }) => content ?? [],
      }),
    }),
  });

/** The text that a delta adds, from all of its parts. */
export const textOfDelta = ({ delta }: Received<RestMessageDelta>) =>
  (delta?.content ?? []).map((part) => (part.type === 'text' ? (part.text?.value ?? '') : '')).join('');
