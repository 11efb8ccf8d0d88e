import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { messageStep, resources } from './fixtures.ts';
import { asGraph, everythingOf, type Json, type Place, placesIn } from './wholeObject.ts';

const variants = [
  ...resources,
  {
    type: 'RunStep',
    path: '/threads/thread_1/runs/run_1/steps/step_2',
    lookUp: 'runStep(threadId: "thread_1", runId: "run_1", stepId: "step_2")',
    object: messageStep,
  },
];

describe.each(variants)('$type at $path', ({ type, path, lookUp, object }) => {
  const document = `{ it: ${lookUp} { ... on ${type} ${everythingOf(type)} } }`;
  const start = async () => {
    let result: Json = object;
    const { query } = await startFacade({ [`GET ${path}`]: () => result });
    return async (changed: Json) => {
      result = changed;
      return query<{ it: unknown }>(document);
    };
  };
  const places = placesIn(type, object);

  test('has every field that REST has, in camelCase, times as ISO 8601', async () => {
    const ask = await start();

    expect(await ask(object)).toEqual({ data: { it: asGraph(type, object) } });
  });

  test('is returned without any one of the members that the contract guarantees', async () => {
    const ask = await start();

    for (const place of places.filter(canBeMissing)) {
      const changed = place.with(undefined);
      expect(await ask(changed), `without ${place.path}`).toEqual({ data: { it: expected(type, object, changed) } });
    }
  });

  test('is returned with null in place of any one of them', async () => {
    const ask = await start();

    for (const place of places.filter(canBeMissing)) {
      const changed = place.with(null);
      expect(await ask(changed), `null in ${place.path}`).toEqual({ data: { it: expected(type, object, changed) } });
    }
  });

  test('has UNKNOWN for any enum value that is not known', async () => {
    const ask = await start();

    for (const place of places.filter(({ kind }) => kind === 'enum')) {
      const changed = place.with('brand_new');
      expect(await ask(changed), `news in ${place.path}`).toEqual({ data: { it: asGraph(type, changed) } });
      expect(JSON.stringify(asGraph(type, changed))).toContain('"UNKNOWN"');
    }
  });

  test('returns any union member that is not known, with its type and unchanged', async () => {
    const ask = await start();

    for (const place of places.filter(({ kind }) => kind === 'union')) {
      const changed = place.with({ id: 'x_1', type: 'brand_new', brand_new: { depth: [1, null] } });
      expect(await ask(changed), `news in ${place.path}`).toEqual({ data: { it: asGraph(type, changed) } });
      expect(JSON.stringify(asGraph(type, changed))).toContain(`"Unknown${place.type}"`);
    }
  });
});

/** The id of an object, or of a call, is what everything else hangs on; and the items of a list are there or not. */
const canBeMissing = ({ path }: Place) => !/(^|\.)id$|\]$/.test(path);

/** The object type and the parents are known from the path of the REST call. */
const expected = (type: string, object: object, changed: Json) => {
  const sure = type === 'RunStep' ? ['object', 'thread_id', 'run_id'] : ['object', 'thread_id', 'vector_store_id'];
  const known = Object.entries(object).filter(([name]) => sure.includes(name));
  return asGraph(type, { ...Object(changed), ...Object.fromEntries(known) });
};
