import { expect, test } from 'vitest';
import type { TourStop } from '../../src/graphiql/tour.ts';
import { subscription } from '../live/subscription.ts';
import { type RunningServer, startServer } from '../support/server.ts';
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

test('the operations of the tour work one after the other with a real model, which they name', async () => {
  const ids = ['text-embedding-3', 'qwen3'].map((id) => ({ id, object: 'model' }));
  const { server: endpoint } = await startModel(
    [
      completion([textChunk('Moby-Dick.')], 'stop'),
      completion(callChunks(0, 'get_weather', '{"city":"Oslo"}'), 'tool_calls'),
      completion([textChunk('It rains in Oslo.')], 'stop'),
    ],
    { list: whole({ object: 'list', data: ids }) },
  );
  const server = await startServer({ MODEL_BASE_URL: endpoint.url });
  const known = new Map<string, string>();
  const results: string[] = [];
  for (const { query, variables, gives } of await tourOf(server)) {
    const filled = JSON.parse(
      (variables ?? '{}').replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => known.get(name) ?? ''),
    ) as Record<string, unknown>;
    if (/^subscription/m.test(query)) {
      const watched = subscription('server-sent events', `${server.url}/graphql`, { query, variables: filled });
      for await (const result of watched) expect(result.errors).toBeUndefined();
      continue;
    }
    // Runs work in the background: the texts of the tour say to execute a query again until it is done.
    const execute = async () => {
      const result = await server.graphql(query, filled);
      expect(result.errors).toBeUndefined();
      return result.data;
    };
    if (/^query SeeToolCall/m.test(query)) {
      await expect.poll(async () => JSON.stringify(await execute())).toContain('REQUIRES_ACTION');
    }
    if (/^query LookAround/m.test(query)) {
      await expect.poll(async () => JSON.stringify(await execute())).toContain('COMPLETED');
    }
    const data = await execute();
    results.push(JSON.stringify(data));
    for (const [name, value] of valuesIn(data)) if (gives.includes(name)) known.set(name, value);
  }
  expect(results.find((result) => result.includes('Moby-Dick.'))).toBeDefined();
  expect(results.find((result) => result.includes('It rains in Oslo.'))).toBeDefined();
  expect(new Set(endpoint.requests.flatMap(({ body }) => body['model'] ?? []))).toEqual(new Set(['qwen3']));
});

test('the tour names the offline model if there is no other', async () => {
  const [first] = await tourOf(await startServer());
  expect(first?.query).toContain('model: "offline"');
});
