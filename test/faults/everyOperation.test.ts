import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { restOperationOf } from '../../src/rest/operationName.ts';
import { reads } from './operations.ts';
import { writes } from './writes.ts';

/** Operations that are no row of the matrix, since they make further REST calls or return no JSON, and where they are tested. */
const testedElsewhere = {
  'GET /threads/{id}/runs/{id}/events': 'followers.test.ts',
  'GET /files/{id}/content': 'contents.test.ts',
};

const REST = new URL('../../src/rest/', import.meta.url);

/** The files of `src/rest` that name paths without a call of their own: the tag itself, and what probes paths. */
const WITHOUT_CALLS = new Set(['path.ts', 'capabilities.ts', 'bareNotFound.ts']);

/** A call of the REST client as it is written: the method of the client, the path, and whether the body requests a stream. */
const CALL = /\.(get|post|delete|upload|download|stream)\(\s*path`([^`]+)`(,\s*\w+(?:\([^)]*\))?,\s*streaming\b)?/g;

const pathWithoutIds = (path: string) => restOperationOf({ method: 'GET', path }).replace('GET ', '');

const operationOf = ([, method = '', path = '', streaming]: RegExpExecArray) => {
  const pattern = pathWithoutIds(path.replaceAll(/\$\{\w+\}/g, 'id'));
  if (method === 'delete') return `DELETE ${pattern}`;
  if (method === 'stream' && streaming !== undefined) return `POST ${pattern} as a stream`;
  return method === 'post' || method === 'upload' ? `POST ${pattern}` : `GET ${pattern}`;
};

const withoutIds = (line: string) => {
  const [method, path = '', ...rest] = line.split(' ');
  return [method, pathWithoutIds(path), ...rest].join(' ');
};

test('every REST operation of the REST client is a row of the fault matrix, or is tested in another file', async () => {
  const names = (await readdir(REST)).filter((name) => name.endsWith('.ts') && !WITHOUT_CALLS.has(name));
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, REST), 'utf8')));
  const calls = texts.flatMap((text) => [...text.matchAll(CALL)]);

  // If a call is written in another way, `CALL` has to know it.
  expect(calls).toHaveLength(texts.flatMap((text) => text.match(/path`/g) ?? []).length);
  const tested = [...[...reads, ...writes].map(({ line }) => withoutIds(line)), ...Object.keys(testedElsewhere)];
  expect([...new Set(calls.map(operationOf))].toSorted()).toEqual([...new Set(tested)].toSorted());
});
