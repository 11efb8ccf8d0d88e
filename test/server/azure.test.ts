import { AzureOpenAI } from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../support/server.ts';

test('the AzureOpenAI client reaches the engine with nothing but the address of the server', async () => {
  const server = await startServer();
  onTestFinished(async () => void (await server.stop()));
  const client = new AzureOpenAI({ endpoint: server.url, apiKey: 'any', apiVersion: '2024-05-01-preview' });

  const assistant = await client.beta.assistants.create({ model: 'gpt-4o', name: 'Baker' });
  const run = await client.beta.threads.createAndRunPoll({
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content: 'Which flour?' }] },
  });
  expect(run.status).toBe('completed');
  const { data } = await server.graphql('query ($id: ID!) { assistant(assistantId: $id) { name } }', {
    id: assistant.id,
  });
  expect(data).toEqual({ assistant: { name: 'Baker' } });
});
