import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSchema, type GraphQLObjectType, graphql, isInputObjectType, isObjectType, print } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { commandOf } from '../../src/cli/command.ts';
import { subgraphOf, withoutNodes } from '../../src/schema/federation.ts';
import { createSchema } from '../../src/schema/index.ts';
import { subgraphSdl } from '../../src/schema/subgraphSdl.ts';

const schema = createSchema();
const printed = { default: subgraphSdl(schema), subgraph: subgraphSdl(withoutNodes(schema)) };

test.each(['default', 'subgraph'] as const)('as %s, a router gets that SDL', async (build) => {
  const served = build === 'subgraph' ? withoutNodes(schema) : schema;
  const result = await graphql({ schema: subgraphOf(served), source: '{ service: _service { sdl } }' });
  expect(result).toEqual({ data: { service: { sdl: printed[build] } } });
});

test('the default and the subgraph differ only in node and nodes', () => {
  const [all, composable] = [graphOf(printed.default), graphOf(printed.subgraph)].map((graph) =>
    fieldsOf(graph, 'Query'),
  );
  expect(all?.filter((field) => !composable?.includes(field))).toEqual(['node', 'nodes']);
  expect(printed.default.length - printed.subgraph.length).toBeLessThan(1000);
});

test.each([
  ['Assistant', ['id', 'assistantId']],
  ['Thread', ['id', 'threadId']],
  ['Message', ['id', 'threadId messageId']],
  ['Run', ['id', 'threadId runId']],
  ['RunStep', ['id', 'threadId runId stepId']],
  ['File', ['id', 'fileId']],
  ['VectorStore', ['id', 'vectorStoreId']],
  ['VectorStoreFile', ['id', 'vectorStoreId fileId']],
])('%s has the keys %j', (name, keys) => {
  const type = graphOf(printed.default).getType(name);
  const directives = isObjectType(type) ? type.astNode?.directives?.map(({ arguments: args }) => args?.[0]?.value) : [];
  expect(directives).toMatchObject(keys.map((value) => ({ value })));
});

test('PageInfo can be defined in other subgraphs too', () => {
  expect(printed.subgraph).toContain('type PageInfo @shareable {');
});

test('every input with exactly one field has @oneOf', () => {
  const whole = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
  const oneOf = Object.values(whole.getTypeMap()).filter((type) => isInputObjectType(type) && type.isOneOf);
  expect(oneOf.length).toBeGreaterThan(3);
  for (const { name } of oneOf) expect(printed.subgraph).toContain(`input ${name} @oneOf {`);
});

test('every connection says to routers how many items it has', () => {
  const graph = graphOf(printed.subgraph);
  const fields = Object.values(graph.getTypeMap()).flatMap((type) =>
    isObjectType(type) ? Object.values(type.getFields()) : [],
  );
  const paged = fields.filter(({ args }) => args.some(({ name }) => name === 'first'));
  expect(paged.map(({ name }) => name).toSorted()).toEqual([
    'assistants',
    'files',
    'files',
    'messages',
    'messages',
    'runs',
    'steps',
    'threads',
    'vectorStores',
  ]);
  for (const { astNode } of paged) {
    expect(astNode?.directives?.map(print)).toEqual([
      '@listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
    ]);
  }
});

test('the command prints the SDL from any folder, whatever its TypeScript settings', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assistants-sdl-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "paths": { "graphql": ["./none"] } } }');

  const command = fileURLToPath(new URL('../../bin/assistants-graphql.js', import.meta.url));
  const [all, composable] = await Promise.all(
    [['schema'], ['schema', '--subgraph']].map((args) =>
      promisify(execFile)(process.execPath, [command, ...args], { cwd: folder, maxBuffer: 10_000_000 }),
    ),
  );
  expect(all?.stdout).toBe(`${printed.default}\n`);
  expect(composable?.stdout).toBe(`${printed.subgraph}\n`);
});

test.each([
  [['schema', '--json']],
  [['schema', '--subgraph', '--json']],
  [['--version', '--json']],
  [['--json', 'schema']],
])('%j is refused with what is allowed', (args) => {
  expect(() => commandOf(args)).toThrow(
    /^Unknown argument --json: there are backup FILE, copy FILE, export FILE, import FILE, schema \[--subgraph\], --help and --version\./,
  );
});

/** The graph of an SDL, without looking up the directives of Federation, which are declared elsewhere. */
const graphOf = (sdl: string) => buildSchema(sdl, { assumeValidSDL: true });

const fieldsOf = (graph: ReturnType<typeof graphOf>, name: string) =>
  Object.keys((graph.getType(name) as GraphQLObjectType).getFields());
