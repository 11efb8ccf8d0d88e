import { expect, test } from 'vitest';
import { InvalidIdError } from '../../src/rest/errors/invalidIdError.ts';
import { restOver } from './restOver.ts';

test.each([
  ['../threads/t2', '/threads/..%2Fthreads%2Ft2/runs'],
  ['a/b', '/threads/a%2Fb/runs'],
  ['a\\b', '/threads/a%5Cb/runs'],
  ['a?limit=1', '/threads/a%3Flimit%3D1/runs'],
  ['a#b', '/threads/a%23b/runs'],
  ['%2e%2e', '/threads/%252e%252e/runs'],
  ['%2F', '/threads/%252F/runs'],
  ['...', '/threads/.../runs'],
  ['.a', '/threads/.a/runs'],
  [' ', '/threads/%20/runs'],
  ['\t\r\n', '/threads/%09%0D%0A/runs'],
  ['nul\u0000', '/threads/nul%00/runs'],
  ['žluť 🐎', '/threads/%C5%BElu%C5%A5%20%F0%9F%90%8E/runs'],
  ['thread_abc123', '/threads/thread_abc123/runs'],
])('the id %j stays in its own segment', async (id, expected) => {
  const { rest, upstream } = await restOver(() => ({ data: [], has_more: false }));

  await rest.runs.list(id, {});

  expect(upstream.calls.map((call) => [call.path, call.query])).toEqual([[expected, {}]]);
});

test.each(['', '.', '..', '\ud800', 'a\udfffb', 'x'.repeat(513)])(
  'the id %j is an InvalidIdError, and nothing is sent',
  async (id) => {
    const { rest, upstream } = await restOver(() => ({ id: 'x' }));

    await expect(rest.runs.retrieve('t1', id)).rejects.toBeInstanceOf(InvalidIdError);
    await expect(rest.runs.retrieve(id, 'r1')).rejects.toBeInstanceOf(InvalidIdError);
    expect(upstream.calls).toEqual([]);
  },
);

test('the message of an InvalidIdError shows the id, cut and well-formed', () => {
  expect(new InvalidIdError('..').message).toBe(
    '".." cannot be an id: an id must be well-formed text of 1 to 512 characters other than "." and ".."',
  );
  expect(new InvalidIdError('\ud800').message).toContain('"\\ud800" cannot');
  expect(new InvalidIdError('x'.repeat(100_000)).message.length).toBeLessThan(200);
});

test('a cursor with reserved characters stays in its parameter', async () => {
  const { rest, upstream } = await restOver(() => ({ data: [], has_more: false }));

  await rest.runs.list('t1', { after: 'a&limit=100#x', limit: 1 });

  expect(upstream.calls[0]?.query).toEqual({ after: 'a&limit=100#x', limit: '1' });
});
