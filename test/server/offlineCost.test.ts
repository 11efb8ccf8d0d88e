import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDirectory } from '../engine/dataFiles.ts';
import { startServer } from '../support/server.ts';

test('the offline model has no cost, although its runs have the name of a listed model', async () => {
  const prices = join(newDirectory(), 'prices.json');
  writeFileSync(prices, '{"models":{"*":{"input":1,"output":1}}}');
  const server = await startServer({ PRICES_FILE: prices });
  const { data: made } = await server.graphql<{ createAssistant: { assistant: { assistantId: string } } }>(
    'mutation { createAssistant(input: { model: "gpt-4o" }) { assistant { assistantId } } }',
  );
  const { data } = await server.graphql(
    `mutation ($assistantId: ID!) {
      createThreadAndRun(input: { assistantId: $assistantId, waitSeconds: 10, thread: { messages: [{ role: USER, content: [{ text: "Hi" }] }] } }) {
        run { status model usage { totalTokens } cost { amount } steps { nodes { cost { amount } } } thread { cost { amount } } }
      }
    }`,
    { assistantId: made?.createAssistant.assistant.assistantId },
  );
  await server.stop();
  expect(data).toEqual({
    createThreadAndRun: {
      run: {
        status: 'COMPLETED',
        model: 'gpt-4o',
        usage: { totalTokens: expect.any(Number) },
        cost: null,
        steps: { nodes: [{ cost: null }] },
        thread: { cost: null },
      },
    },
  });
});
