import { expect, test } from 'vitest';
import { bake, createAssistant, createThread, type Ids, listOf, prepared, startOverEngine } from './overEngine.ts';
import { asGraph, everythingOf } from './wholeObject.ts';

// From GraphQL over HTTP to the real engine over HTTP, each of the 23 operations: the graph says what REST says.
// The other operations, those on runs and steps, are in engineRuns.test.ts.

const hello = { role: 'USER', content: [{ text: 'Hello' }] };

test('assistants can be created, read, listed, modified and deleted', async () => {
  const { ask, asked, rest } = await startOverEngine();
  const input = {
    model: 'any',
    name: 'Baker',
    description: 'Knows bread.',
    instructions: 'Be warm.',
    tools: [{ codeInterpreter: true }, { fileSearch: { maxNumResults: 3 } }, bake],
    toolResources: { codeInterpreter: { fileIds: ['file-1'] }, fileSearch: { vectorStoreIds: ['vs_1'] } },
    metadata: { shop: 'north' },
    temperature: 0.5,
    topP: 0.75,
    responseFormat: { jsonSchema: { name: 'loaf', schema: { type: 'object' }, strict: true } },
  };

  const created = await ask<{ createAssistant: { assistant: Ids } }>(createAssistant, { input });
  const [creation] = asked();
  expect(creation?.operation).toBe('POST /assistants');
  expect(created.createAssistant.assistant).toEqual(asGraph('Assistant', creation?.result));
  const { id, assistantId = '' } = created.createAssistant.assistant;

  const modified = await ask(
    `mutation ($input: ModifyAssistantInput!) {
      modifyAssistant(input: $input) { assistant ${everythingOf('Assistant')} }
    }`,
    { input: { assistantId, name: null, instructions: '', tools: [], metadata: { shop: 'south', till: '2' } } },
  );
  const [modification] = asked();
  expect(modification?.operation).toBe('POST /assistants/{}');
  expect(modified).toEqual({ modifyAssistant: { assistant: asGraph('Assistant', modification?.result) } });
  const stored = await rest(`/assistants/${assistantId}`);
  expect(stored).toMatchObject({ name: null, instructions: '', tools: [], description: 'Knows bread.' });

  const read = await ask(
    `query ($assistantId: ID!) { assistant(assistantId: $assistantId) ${everythingOf('Assistant')} }`,
    { assistantId },
  );
  expect(read).toEqual({ assistant: asGraph('Assistant', stored) });

  await ask(createAssistant, { input: { model: 'any' } });
  const list = await ask(`{ assistants(first: 5) { nodes ${everythingOf('Assistant')} } }`);
  const page = listOf(await rest('/assistants?limit=5'));
  expect(page).toHaveLength(2);
  expect(list).toEqual({ assistants: { nodes: page.map((one) => asGraph('Assistant', one)) } });

  const deleted = await ask(
    'mutation ($input: DeleteAssistantInput!) { deleteAssistant(input: $input) { deletedAssistantId } }',
    { input: { assistantId } },
  );
  expect(deleted).toEqual({ deleteAssistant: { deletedAssistantId: id } });
  expect(await rest(`/assistants/${assistantId}`)).toHaveProperty('error');
  expect(await ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
  expect(asked().map(({ operation }) => operation)).toEqual([
    'GET /assistants/{}',
    'POST /assistants',
    'GET /assistants',
    'DELETE /assistants/{}',
    'GET /assistants/{}',
  ]);
});

test('threads can be created, read, modified and deleted', async () => {
  const { ask, asked, rest } = await startOverEngine();
  const input = {
    messages: [hello, { role: 'ASSISTANT', content: [{ text: 'Hi' }] }],
    metadata: { customer: '42' },
    toolResources: { codeInterpreter: { fileIds: ['file-1'] } },
  };

  const created = await ask<{ createThread: { thread: Ids } }>(createThread, { input });
  const [creation] = asked();
  expect(creation?.operation).toBe('POST /threads');
  expect(created.createThread.thread).toEqual(asGraph('Thread', creation?.result));
  const { id, threadId = '' } = created.createThread.thread;
  expect(listOf(await rest(`/threads/${threadId}/messages`))).toHaveLength(2);

  const modified = await ask(
    `mutation ($input: ModifyThreadInput!) { modifyThread(input: $input) { thread ${everythingOf('Thread')} } }`,
    { input: { threadId, metadata: { mood: 'good' } } },
  );
  const stored = await rest(`/threads/${threadId}`);
  expect(modified).toEqual({ modifyThread: { thread: asGraph('Thread', stored) } });

  const read = await ask(`query ($threadId: ID!) { thread(threadId: $threadId) ${everythingOf('Thread')} }`, {
    threadId,
  });
  expect(read).toEqual({ thread: asGraph('Thread', stored) });

  const deleted = await ask(
    'mutation ($input: DeleteThreadInput!) { deleteThread(input: $input) { deletedThreadId } }',
    { input: { threadId } },
  );
  expect(deleted).toEqual({ deleteThread: { deletedThreadId: id } });
  expect(await rest(`/threads/${threadId}`)).toHaveProperty('error');
  expect(asked().map(({ operation }) => operation)).toEqual([
    'POST /threads/{}',
    'GET /threads/{}',
    'DELETE /threads/{}',
  ]);
});

test('messages can be created, read, listed, modified and deleted', async () => {
  const engine = await startOverEngine();
  const { ask, asked, rest } = engine;
  const { threadId } = await prepared(engine);
  const fileId = await engine.upload('Bread.');
  const input = {
    threadId,
    role: 'USER',
    content: [
      { text: 'What is this?' },
      { imageUrl: { url: 'https://example.org/loaf.png', detail: 'LOW' } },
      { imageFile: { fileId: 'file-1' } },
    ],
    attachments: [{ fileId, tools: [{ codeInterpreter: true }, { fileSearch: true }] }],
    metadata: { a: 'b' },
  };

  const created = await ask<{ createMessage: { message: Ids } }>(
    `mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message ${everythingOf('Message')} } }`,
    { input },
  );
  const [creation] = asked();
  expect(created.createMessage.message).toEqual(asGraph('Message', creation?.result));
  const { id, messageId = '' } = created.createMessage.message;

  const modified = await ask(
    `mutation ($input: ModifyMessageInput!) { modifyMessage(input: $input) { message ${everythingOf('Message')} } }`,
    { input: { threadId, messageId, metadata: { seen: 'yes' } } },
  );
  const stored = await rest(`/threads/${threadId}/messages/${messageId}`);
  expect(modified).toEqual({ modifyMessage: { message: asGraph('Message', stored) } });

  const read = await ask(
    `query ($threadId: ID!, $messageId: ID!) {
      message(threadId: $threadId, messageId: $messageId) ${everythingOf('Message')}
    }`,
    { threadId, messageId },
  );
  expect(read).toEqual({ message: asGraph('Message', stored) });

  const list = await ask(
    `query ($threadId: ID!) {
      thread(threadId: $threadId) { messages(order: ASC) { nodes ${everythingOf('Message')} } }
    }`,
    { threadId },
  );
  const page = listOf(await rest(`/threads/${threadId}/messages?order=asc`));
  expect(page).toHaveLength(2);
  expect(list).toEqual({ thread: { messages: { nodes: page.map((one) => asGraph('Message', one)) } } });

  const deleted = await ask(
    'mutation ($input: DeleteMessageInput!) { deleteMessage(input: $input) { deletedMessageId } }',
    { input: { threadId, messageId } },
  );
  expect(deleted).toEqual({ deleteMessage: { deletedMessageId: id } });
  expect(await rest(`/threads/${threadId}/messages/${messageId}`)).toHaveProperty('error');
  expect([creation?.operation ?? '', ...asked().map(({ operation }) => operation)].toSorted()).toEqual([
    'DELETE /threads/{}/messages/{}',
    'GET /threads/{}/messages',
    'GET /threads/{}/messages/{}',
    'POST /threads/{}/messages',
    'POST /threads/{}/messages/{}',
  ]);
});
