import { getNamedType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { startFacade } from '../support/facade.ts';
import { resources, run } from './fixtures.ts';

const schema = createSchema();

const timesOf = (typeName: string) => {
  const type = schema.getType(typeName);
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  return fields.filter((field) => getNamedType(field.type).name === 'DateTime').map(({ name }) => name);
};

test('times are fields of the resources only, so that the next test covers all but that of a batch', () => {
  const types = Object.values(schema.getTypeMap()).filter((type) => timesOf(type.name).length > 0);

  const names = [...resources.map(({ type }) => type), 'VectorStoreFileBatch'];
  expect(types.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});

test.each(resources)('every time of a $type is the same from a server that sends milliseconds', async (resource) => {
  const { type, path, lookUp, object } = resource;
  const times = timesOf(type);
  const inUnit = (factor: number) =>
    Object.fromEntries(times.map((name, index) => [snake(name), (1_700_000_000 + index) * factor]));
  let unit = 1;
  const { query } = await startFacade({ [`GET ${path}`]: () => ({ ...object, ...inUnit(unit) }) });
  const document = `{ it: ${lookUp} { ... on ${type} { ${times.join(' ')} } } }`;

  const inSeconds = await query(document);
  unit = 1000;
  expect(await query(document)).toEqual(inSeconds);
  expect(inSeconds).toMatchObject({ data: { it: { createdAt: expect.stringMatching(/^2023-11-14T22:13:2/) } } });
});

test.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [99_999_999_999, '5138-11-16T09:46:39.000Z'],
  [100_000_000_000, '1973-03-03T09:46:40.000Z'],
  [1_700_000_000_123, '2023-11-14T22:13:20.123Z'],
  [1_700_000_000.5, '2023-11-14T22:13:20.500Z'],
])('the number %d is read as %s', async (created_at, createdAt) => {
  const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...run, created_at } });

  expect(await query('{ run(threadId: "thread_1", runId: "run_1") { createdAt } }')).toEqual({
    data: { run: { createdAt } },
  });
});

test.each([
  [1_700_000_000_000, 1_700_000_030_400, 30],
  [1_700_000_000.2, 1_700_000_030.9, 31],
])('a run that started at %d and completed at %d took %d seconds', async (started_at, completed_at, duration) => {
  const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...run, started_at, completed_at } });

  expect(await query('{ run(threadId: "thread_1", runId: "run_1") { duration } }')).toEqual({
    data: { run: { duration } },
  });
});

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
