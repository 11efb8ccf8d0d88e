import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { transports } from './transports.ts';

const byIds = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const ids = (count: number, prefix = 'x') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe.each(transports)('by %s', (_, send) => {
  test('the first 100 errors are returned, and one that counts the others', async () => {
    const { url } = await startFacade({});
    const { data, errors = [] } = await send(url, { query: byIds, variables: { ids: ids(1000) } });

    expect(data?.['nodes']).toHaveLength(1000);
    expect(errors).toHaveLength(101);
    expect(errors[99]).toMatchObject({ path: ['nodes', 99], extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors[100]).toEqual({
      message: '900 more errors were left out.',
      extensions: { code: 'BAD_USER_INPUT', omittedErrors: 900 },
    });
  });

  test('a hundred errors are returned as they are', async () => {
    const { url } = await startFacade({});
    const { errors = [] } = await send(url, { query: byIds, variables: { ids: ids(100) } });

    expect(errors).toHaveLength(100);
    expect(errors[99]).toMatchObject({ path: ['nodes', 99] });
  });

  test('what a client sent is not repeated in full', async () => {
    const { url } = await startFacade({});
    const query = 'query ($order: SortOrder) { assistants(order: $order) { nodes { id } } }';
    const { errors = [] } = await send(url, { query, variables: { order: 'y'.repeat(5000) } });

    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Variable "\$order" got .*y{1900}…$/),
    ]);
  });

  test('many long errors are left out once they have 128 KiB together', async () => {
    const { url } = await startFacade(() => refusal(500, 'y'.repeat(50_000)));
    const fields = ids(90, 'thread_').map((id) => `${id}${'_'.repeat(50)}: thread(threadId: "${id}") { createdAt }`);
    const { errors = [] } = await send(url, { query: `{ ${fields.join(' ')} }` });

    expect(errors.length).toBeLessThan(91);
    expect(errors.at(-1)).toMatchObject({ message: `${91 - errors.length} more errors were left out.` });
    expect(JSON.stringify(errors).length).toBeLessThan(132 * 1024);
  });

  test('of an invalid document a hundred errors are returned at most', async () => {
    const { url } = await startFacade({});
    const { errors = [] } = await send(url, { query: `{ ${ids(190).join(' ')} }` });

    expect(errors).toHaveLength(101);
    expect(errors.every(({ extensions }) => extensions?.['code'] === 'BAD_USER_INPUT')).toBe(true);
  });
});
