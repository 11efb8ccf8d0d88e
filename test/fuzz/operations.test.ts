import { parse, validate } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { servedSchema } from '../../src/schema/served.ts';
import { randomFrom } from '../loaders/random.ts';
import { startServer } from '../support/server.ts';
import { OperationGenerator } from './operations.ts';

/** `npm run fuzz` sends 10,000 with a seed that it chooses; `SEED=7 npm test` those of a seed. */
const count = Number(process.env['OPERATIONS'] ?? 1500);
const { SEED = '1' } = process.env;
const seed = SEED === 'random' ? Date.now() % 1_000_000 : Number(SEED);

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
  expect(server.output()).not.toMatch(/"event":"(?:internal error|request failed|crashed)"|Warning:/);
}, 600_000);
