import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const generated = at('relay/__generated__');
const compiler = at('node_modules/relay-compiler/cli.js');

let artifacts: Map<string, string>;

beforeAll(async () => {
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated);
  await promisify(execFile)(process.execPath, [compiler, at('relay/relay.config.json')], { cwd: at('relay') });
  artifacts = new Map(
    readdirSync(generated).map((name) => [
      name.replace('.graphql.ts', ''),
      readFileSync(`${generated}/${name}`, 'utf8'),
    ]),
  );
});

test.each([
  ['connections are paged forward on Query', 'assistantsListPaginationQuery', 'connection'],
  ['and on a node, found again by its global id', 'threadRunsPaginationQuery', 'connection'],
  ['and backward, for "load older"', 'threadMessagesPaginationQuery', 'connection'],
  ['a new message is appended by its edge', 'threadCreateMessageMutation', 'appendEdge'],
  ['a new run is prepended by its edge', 'threadCreateRunMutation', 'prependEdge'],
  ['a new thread brings the edge of its run', 'threadCreateThreadAndRunMutation', 'prependEdge'],
  ['a new assistant is prepended by its edge', 'assistantsCreateMutation', 'prependEdge'],
  ['a deleted assistant leaves the store', 'assistantsDeleteMutation', 'deleteRecord'],
  ['a deleted message leaves the store', 'threadDeleteMessageMutation', 'deleteRecord'],
  ['a deleted thread leaves the store', 'threadDeleteMutation', 'deleteRecord'],
])('%s', (_, name, handle) => {
  expect(artifacts.get(name)).toContain(`"handle": "${handle}"`);
});

test('what is refetched on a node is asked by node(id:)', () => {
  for (const name of ['threadMessagesPaginationQuery', 'threadRunsPaginationQuery', 'threadStepsPaginationQuery']) {
    expect(artifacts.get(name)).toMatch(/node\(id: \$id\)/);
  }
});

test('all five subscriptions compile', () => {
  const subscriptions = [...artifacts.values()].filter((artifact) =>
    artifact.includes('"operationKind": "subscription"'),
  );
  expect(subscriptions).toHaveLength(5);
});
