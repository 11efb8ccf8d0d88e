import { expect, test, vi } from 'vitest';
import type { TourStop } from '../../src/graphiql/tour/stop.ts';
import { upload } from '../graph/uploading.ts';
import { subscription } from '../live/subscription.ts';
import { type GraphqlAnswer, type RunningServer, startServer } from '../support/server.ts';
import { callChunks, completion, textChunk } from './chatStream.ts';
import { startModel } from './engineOver.ts';
import { whole } from './rawServer.ts';

const tourOf = async ({ url }: RunningServer) => {
  const page = await (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text();
  const [, json = '[]'] = /<script id="tour" type="application\/json">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json) as TourStop[];
};

/** The last value of each field of a result, by name. */
const valuesIn = (result: unknown): [string, string][] =>
  typeof result !== 'object' || result === null
    ? []
    : Object.entries(result).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' ? [[name, value]] : valuesIn(value),
      );

interface Read {
  run?: { status: string };
  thread?: { runs: { nodes: { status: string }[] } };
}

/** What the runs of a read must be before the tour goes on: runs work in the background, so texts of the tour say to execute again. */
const awaited = new Map<string, (read: Read) => boolean>([
  ['SeeToolCall', ({ run }) => run?.status === 'REQUIRES_ACTION'],
  ['LookAround', ({ thread }) => thread?.runs.nodes.every(({ status }) => status === 'COMPLETED') === true],
]);

/** Executes an operation of the tour, again if its text says so. Rejects if there is an error. */
const executed = async ({ url, graphql }: RunningServer, query: string, variables: Record<string, unknown>) => {
  const [, kind, name = ''] = /^(query|mutation|subscription) (\w+)/m.exec(query) ?? [];
  const all: GraphqlAnswer<Record<string, unknown>>[] = [];
  if (kind === 'subscription') {
    const watched = subscription('server-sent events', `${url}/graphql`, { query, variables });
    for await (const result of watched) all.push(result);
  } else if (variables['file'] === '{{upload}}') {
    all.push(await upload(`${url}/graphql`, { query, files: { 'whales.md': 'Moby-Dick is about a white whale.' } }));
  } else {
    const execute = async () => {
      const result = await graphql(query, variables);
      const isDone = awaited.get(name);
      if (isDone !== undefined && !isDone(result.data ?? {})) throw new Error(`${name} is not done`);
      return result;
    };
    all.push(await vi.waitFor(execute, { timeout: 10_000 }));
  }
  const failed = all.find(({ errors }) => errors !== undefined);
  if (failed) throw new Error(`${name}: ${JSON.stringify(failed.errors)}`);
  return all.map(({ data }) => data);
};

test('the operations of the tour work one after the other with a real model, which they name', async () => {
  const ids = ['text-embedding-3', 'qwen3'].map((id) => ({ id, object: 'model' }));
  const { server: endpoint } = await startModel(
    [
      completion([textChunk('Moby-Dick.')], 'stop'),
      completion(callChunks(0, 'get_weather', '{"city":"Oslo"}'), 'tool_calls'),
      completion([textChunk('It rains in Oslo.')], 'stop'),
      completion([textChunk('A white whale.')], 'stop'),
      completion([textChunk('I cannot draw.')], 'stop'),
    ],
    { list: whole({ object: 'list', data: ids }) },
  );
  const server = await startServer({ MODEL_BASE_URL: endpoint.url });
  const known = new Map<string, string>();
  const results: string[] = [];
  for (const { query, variables, gives } of await tourOf(server)) {
    const filled = (variables ?? '{}').replaceAll(/\{\{(\w+)\}\}/g, (all, name: string) => known.get(name) ?? all);
    const data = await executed(server, query, JSON.parse(filled) as Record<string, unknown>);
    results.push(JSON.stringify(data));
    for (const [name, value] of valuesIn(data)) if (gives.includes(name)) known.set(name, value);
  }
  expect(results.filter((result) => result.includes('Moby-Dick.'))).not.toEqual([]);
  expect(results.at(-5)).toContain('It rains in Oslo.');
  expect(results.at(-2)).toContain('A white whale.');
  expect(results.at(-1)).toContain('I cannot draw.');
  expect(new Set(endpoint.requests.flatMap(({ body }) => body['model'] ?? []))).toEqual(new Set(['qwen3']));
});

test('the tour names the offline model if there is no other', async () => {
  const [first] = await tourOf(await startServer());
  expect(first?.query).toContain('model: "offline"');
});
