import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';
import type {
  CreateAssistantDocument,
  CreateMessageDocument,
  CreateRunDocument,
  RefetchDocument,
  RunEventsDocument,
  ThreadDocument,
} from './__generated__/graphql.ts';

// What a frontend writes against the generated types. It is compiled and never run.

type Input<Document> = VariablesOf<Document> extends { input: infer Variables } ? Variables : never;

export const message: Input<typeof CreateMessageDocument> = {
  threadId: 'thread_1',
  role: 'USER',
  content: [
    { text: 'What is in this picture?' },
    { imageUrl: { url: 'https://pictures.example/1.png', detail: 'LOW' } },
  ],
};

export const messageOfTwoKinds: Input<typeof CreateMessageDocument> = {
  threadId: 'thread_1',
  role: 'USER',
  // @ts-expect-error: one part is either text or an image.
  content: [{ text: 'Hello', imageFile: { fileId: 'file_1' } }],
};

export const assistant: Input<typeof CreateAssistantDocument> = {
  model: 'offline',
  tools: [{ codeInterpreter: true }, { function: { name: 'weather', parameters: { type: 'object' }, strict: true } }],
  responseFormat: { type: 'AUTO' },
  metadata: { team: 'north' },
};

// @ts-expect-error: a run needs the assistant that is to work.
export const runWithoutAssistant: Input<typeof CreateRunDocument> = { threadId: 'thread_1' };

/** A connection is null if its list could not be read. In a page that is there, the edges and their nodes are there too. */
export const texts = ({ thread }: ResultOf<typeof ThreadDocument>): string[] =>
  thread?.messages?.edges.map(({ node }) => node.text) ?? [];

/** The result of a mutation is null if it failed. In a payload that is there, the new object and its edge are there too. */
export const cursorOfNew = ({ createMessage }: ResultOf<typeof CreateMessageDocument>): string | undefined =>
  createMessage?.messageEdge.cursor;

/** Null if the run has no error, and never `undefined`. */
export const failure = ({ node }: ResultOf<typeof RefetchDocument>): string | null =>
  node?.__typename === 'Run' ? (node.lastError?.message ?? null) : null;

/** The type of an event determines its fields. */
export const written = ({ runEvents: event }: ResultOf<typeof RunEventsDocument>): string =>
  event.__typename === 'MessageDeltaStreamEvent' ? event.text : '';

type AnyIn<T> = 0 extends 1 & T ? true : never;

/** JSON is `unknown`: it has to be looked at before it is used. */
export const nothingIsAny: AnyIn<NonNullable<ResultOf<typeof ThreadDocument>['thread']>['metadata']>[] = [];
