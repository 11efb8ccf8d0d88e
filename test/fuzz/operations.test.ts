import { parse, validate } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { servedSchema } from '../../src/schema/served.ts';
import { randomFrom } from '../loaders/random.ts';
import { startServer } from '../support/server.ts';
import { OperationGenerator } from './operations.ts';

/** `OPERATIONS=10000 SEED=7 npx vitest run test/fuzz` sends as many, and replays those of a seed. */
const count = Number(process.env['OPERATIONS'] ?? 1500);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const BATCH = 20;

test(`${count} operations generated from the schema meet no internal error (SEED=${seed})`, async () => {
  const server = await startServer();
  onTestFinished(async () => void (await server.stop()));
  const { data } = await server.graphql<{ createThreadAndRun: { run: object } }>(
    'mutation { createAssistant(input: { model: "m" }) { assistant { id assistantId } } createThread(input: { messages: [{ role: USER, content: [{ text: "x" }] }] }) { thread { id threadId } } }',
  );
  const ids = [...JSON.stringify(data).matchAll(/"(?:id|assistantId|threadId)":"([^"]+)"/g)].map(([, id = '']) => id);
  const schema = servedSchema({ subgraph: false });
  const generator = new OperationGenerator(schema, randomFrom(seed), ids);

  const failed: unknown[] = [];
  let valid = 0;
  const send = async (query: string) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query }),
    });
    const result = JSON.parse(await response.text());
    if (response.status >= 500 || JSON.stringify(result.errors ?? []).includes('INTERNAL_SERVER_ERROR')) {
      failed.push({ query, status: response.status, result });
    }
    if (validate(schema, parse(query)).length === 0) valid += 1;
  };
  for (let sent = 0; sent < count; sent += BATCH) {
    await Promise.all(Array.from({ length: BATCH }, () => send(generator.next())));
  }
  expect(failed).toEqual([]);
  expect(valid).toBeGreaterThan(count / 2);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
}, 600_000);
