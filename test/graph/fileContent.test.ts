import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { pageOf, run, thread, toolStep } from './fixtures.ts';

const INCLUDE = 'include[]=step_details.tool_calls[*].file_search.results[*].content';

const steps = '/threads/thread_1/runs/run_1/steps';
const routes = {
  'GET /threads/thread_1': thread,
  'GET /threads/thread_1/runs': pageOf(run),
  'GET /threads/thread_1/runs/run_1': run,
  [`GET ${steps}`]: pageOf(toolStep),
  [`GET ${steps}/step_1`]: toolStep,
  'POST /threads/thread_1/runs': run,
  'POST /threads/thread_1/runs/run_1': run,
};

const stepIds = 'threadId: "thread_1", runId: "run_1", stepId: "step_1"';
const runIds = 'threadId: "thread_1", runId: "run_1"';

const results = (selection: string) =>
  `stepDetails { ... on RunStepDetailsToolCalls { toolCalls { ... on FileSearchToolCall {
    fileSearch { results { ${selection} } }
  } } } }`;
const content = results('content { text }');

/** The calls that a document costs, as REST saw them. */
const callsOf = async (document: string, variables?: Record<string, unknown>) => {
  const { query, upstream } = await startFacade(routes);
  const { errors } = await query(document, variables);
  expect(errors).toBeUndefined();
  return upstream.paths();
};

describe('the content of file search results is requested if it is selected', () => {
  test.each<[string, string, string, Record<string, unknown>?]>([
    ['of one step', `{ runStep(${stepIds}) { ${content} } }`, `GET ${steps}/step_1?${INCLUDE}`],
    [
      'of a list of steps',
      `{ run(${runIds}) { steps { nodes { ${content} } } } }`,
      `GET ${steps}?limit=20&order=desc&${INCLUDE}`,
    ],
    [
      'of a list of steps, by its edges',
      `{ run(${runIds}) { steps(first: 3) { edges { node { ${content} } } } } }`,
      `GET ${steps}?limit=3&order=desc&${INCLUDE}`,
    ],
    [
      'in a fragment',
      `{ runStep(${stepIds}) { ...it } } fragment it on RunStep { ${results('...found')} }
       fragment found on FileSearchResult { content { text } }`,
      `GET ${steps}/step_1?${INCLUDE}`,
    ],
    [
      'under another name',
      `{ one: runStep(${stepIds}) { ${results('passages: content { text }')} } }`,
      `GET ${steps}/step_1?${INCLUDE}`,
    ],
    [
      'with @include that holds',
      `query ($yes: Boolean!) { runStep(${stepIds}) { ${results('content @include(if: $yes) { text }')} } }`,
      `GET ${steps}/step_1?${INCLUDE}`,
      { yes: true },
    ],
    [
      'of a step by its global id',
      `query ($id: ID!) { node(id: $id) { ... on RunStep { ${content} } } }`,
      `GET ${steps}/step_1?${INCLUDE}`,
      { id: Buffer.from('RunStep:thread_1/run_1/step_1').toString('base64url') },
    ],
  ])('%s', async (_, document, call, variables) => {
    expect(await callsOf(document, variables)).toContain(call);
  });

  test('of a new run', async () => {
    const document = `mutation {
      createRun(input: { threadId: "thread_1", assistantId: "asst_1" }) { run { steps { nodes { ${content} } } } }
    }`;
    expect(await callsOf(document)).toEqual([
      `POST /threads/thread_1/runs?${INCLUDE}`,
      `GET ${steps}?limit=20&order=desc&${INCLUDE}`,
    ]);
  });
});

describe('the content of file search results is not requested', () => {
  test.each<[string, string, Record<string, unknown>?]>([
    ['of one step', `{ runStep(${stepIds}) { ${results('fileId score')} } }`],
    ['of a list of steps', `{ run(${runIds}) { steps { nodes { ${results('fileName')} } } } }`],
    [
      'with @skip that holds',
      `query ($no: Boolean!) { runStep(${stepIds}) { ${results('score content @skip(if: $no) { text }')} } }`,
      { no: true },
    ],
    [
      'with @include that does not',
      `{ runStep(${stepIds}) { status ...it @include(if: false) } } fragment it on RunStep { ${content} }`,
    ],
    [
      'of a new run',
      'mutation { createRun(input: { threadId: "thread_1", assistantId: "asst_1" }) { run { steps { nodes { type } } } } }',
    ],
    [
      'if a field of another type has that name',
      `{ run(${runIds}) { thread { messages { nodes { content { type } } } } } }`,
    ],
  ])('%s', async (_, document, variables) => {
    const { query, upstream } = await startFacade({ ...routes, 'GET /threads/thread_1/messages': pageOf() });

    expect((await query(document, variables)).errors).toBeUndefined();
    expect(upstream.calls.length).toBeGreaterThan(0);
    expect(upstream.paths().join('\n')).not.toContain('include');
  });

  test('for steps that lead to other steps, which are another REST call', async () => {
    const calls = await callsOf(`{
      runStep(${stepIds}) { type run { steps { nodes { ${content} } } } }
    }`);
    expect(calls.toSorted()).toEqual([`GET ${steps}/step_1`, `GET ${steps}?limit=20&order=desc&${INCLUDE}`]);
  });
});

test('steps read without the content are not reused for a selection with it', async () => {
  const bare = { ...toolStep, step_details: { type: 'tool_calls', tool_calls: [] } };
  const { query } = await startFacade({
    ...routes,
    [`GET ${steps}/step_1`]: ({ query: asked }) => ('include[]' in asked ? toolStep : bare),
  });

  const result = await query(`{ a: runStep(${stepIds}) { status } b: runStep(${stepIds}) { ${content} } }`);
  expect(result).toMatchObject({ data: { a: { status: 'COMPLETED' } } });
  expect(JSON.stringify(result.data?.['b'])).toContain('Rye is dark.');
});
