import { expect, test } from 'vitest';
import { type Ids, listOf, prepared, startOverEngine } from './overEngine.ts';
import { asGraph, everythingOf } from './wholeObject.ts';

// From GraphQL over HTTP to the real engine over HTTP, each of the 23 operations: the graph says what REST says.
// The other operations, those on assistants, threads and messages, are in engineObjects.test.ts.

const createRun = `mutation ($input: CreateRunInput!) { createRun(input: $input) { run ${everythingOf('Run')} } }`;

test('runs and their steps can be created, read, listed and modified, with the message that they created', async () => {
  const engine = await startOverEngine();
  const { ask, asked, rest, settled } = engine;
  const { assistantId, threadId } = await prepared(engine);
  const input = {
    threadId,
    assistantId,
    instructions: 'Be brief.',
    additionalInstructions: 'And kind.',
    additionalMessages: [{ role: 'USER', content: [{ text: 'Which flour?' }] }],
    tools: [{ codeInterpreter: true }],
    metadata: { batch: '7' },
    temperature: 0.25,
    topP: 0.5,
    maxPromptTokens: 5000,
    maxCompletionTokens: 6000,
    truncationStrategy: { type: 'LAST_MESSAGES', lastMessages: 20 },
    toolChoice: { mode: 'NONE' },
    parallelToolCalls: false,
    responseFormat: { type: 'TEXT' },
  };

  const created = await ask<{ createRun: { run: Ids } }>(createRun, { input });
  const [creation] = asked();
  expect(creation?.operation).toBe('POST /threads/{}/runs');
  expect(created.createRun.run).toEqual(asGraph('Run', creation?.result));
  const { runId = '' } = created.createRun.run;
  expect(await settled(threadId, runId)).toMatchObject({ status: 'completed' });

  const modified = await ask(
    `mutation ($input: ModifyRunInput!) { modifyRun(input: $input) { run ${everythingOf('Run')} } }`,
    { input: { threadId, runId, metadata: { batch: '8' } } },
  );
  const stored = await rest(`/threads/${threadId}/runs/${runId}`);
  expect(modified).toEqual({ modifyRun: { run: asGraph('Run', stored) } });

  const read = await ask(
    `query ($threadId: ID!, $runId: ID!) {
      run(threadId: $threadId, runId: $runId) { ...all steps(order: ASC) { nodes ${everythingOf('RunStep')} } messages { nodes ${everythingOf('Message')} } }
      thread(threadId: $threadId) { runs { nodes { ...all } } }
    }
    fragment all on Run ${everythingOf('Run')}`,
    { threadId, runId },
  );
  const steps = listOf(await rest(`/threads/${threadId}/runs/${runId}/steps?order=asc`));
  const written = listOf(await rest(`/threads/${threadId}/messages?run_id=${runId}`));
  const run = asGraph('Run', stored);
  expect(steps).toHaveLength(1);
  expect(written).toHaveLength(1);
  expect(read).toEqual({
    run: {
      ...Object(run),
      steps: { nodes: steps.map((step) => asGraph('RunStep', step)) },
      messages: { nodes: written.map((message) => asGraph('Message', message)) },
    },
    thread: { runs: { nodes: [run] } },
  });

  const [first] = steps;
  const stepId = Object(first).id as string;
  const step = await ask(
    `query ($threadId: ID!, $runId: ID!, $stepId: ID!) {
      runStep(threadId: $threadId, runId: $runId, stepId: $stepId) {
        ...all
        run { status }
        details: stepDetails { ... on RunStepDetailsMessageCreation { messageCreation { message { text run { runId } } } } }
      }
    }
    fragment all on RunStep ${everythingOf('RunStep')}`,
    { threadId, runId, stepId },
  );
  expect(step).toEqual({
    runStep: {
      ...Object(asGraph('RunStep', first)),
      run: { status: 'COMPLETED' },
      details: { messageCreation: { message: { text: expect.stringContaining('Which flour?'), run: { runId } } } },
    },
  });
  expect(new Set(asked().map(({ operation }) => operation))).toEqual(
    new Set([
      'POST /threads/{}/runs/{}',
      'GET /threads/{}/runs',
      'GET /threads/{}/runs/{}',
      'GET /threads/{}/runs/{}/steps',
      'GET /threads/{}/runs/{}/steps/{}',
      'GET /threads/{}/messages',
      'GET /threads/{}/messages/{}',
    ]),
  );
});

test('a run with function calls waits for outputs and completes after they are submitted', async () => {
  const engine = await startOverEngine();
  const { ask, asked, rest, settled } = engine;
  const { assistantId, threadId } = await prepared(engine, 'Please bake {"minutes": 40}');
  const { createRun: made } = await ask<{ createRun: { run: Ids } }>(createRun, { input: { threadId, assistantId } });
  const { runId = '' } = made.run;
  const waiting = await settled(threadId, runId);
  asked();

  const { run } = await ask<{ run: Waiting }>(
    `query ($threadId: ID!, $runId: ID!) { run(threadId: $threadId, runId: $runId) {
      status isTerminal requiredAction { submitToolOutputs { toolCalls { id parsedArguments function { name } } } }
    } }`,
    { threadId, runId },
  );
  const [call] = run.requiredAction.submitToolOutputs.toolCalls;
  expect(run).toMatchObject({ status: 'REQUIRES_ACTION', isTerminal: false });
  expect(call).toEqual({ id: expect.any(String), parsedArguments: { minutes: 40 }, function: { name: 'bake' } });
  expect(asGraph('Run', waiting)).toMatchObject({
    requiredAction: { submitToolOutputs: { toolCalls: [{ id: call?.id }] } },
  });

  asked();
  const output = '{"crust": "thin"}';
  const submitted = await ask(
    `mutation ($input: SubmitToolOutputsToRunInput!) {
      submitToolOutputsToRun(input: $input) { run ${everythingOf('Run')} }
    }`,
    { input: { threadId, runId, toolOutputs: [{ toolCallId: call?.id, output }] } },
  );
  const [submission] = asked();
  expect(submission?.operation).toBe('POST /threads/{}/runs/{}/submit_tool_outputs');
  expect(submitted).toEqual({ submitToolOutputsToRun: { run: asGraph('Run', submission?.result) } });

  expect(await settled(threadId, runId)).toMatchObject({ status: 'completed' });
  const steps = listOf(await rest(`/threads/${threadId}/runs/${runId}/steps`));
  const read = await ask(
    `query ($threadId: ID!, $runId: ID!) {
      run(threadId: $threadId, runId: $runId) { steps { nodes ${everythingOf('RunStep')} } }
    }`,
    { threadId, runId },
  );
  expect(read).toEqual({ run: { steps: { nodes: steps.map((step) => asGraph('RunStep', step)) } } });
  expect(JSON.stringify(read)).toContain(JSON.stringify(output));
});

test('a run that waits for outputs can be cancelled', async () => {
  const engine = await startOverEngine();
  const { ask, asked, settled } = engine;
  const { assistantId, threadId } = await prepared(engine, 'Please bake.');
  const { createRun: made } = await ask<{ createRun: { run: Ids } }>(createRun, { input: { threadId, assistantId } });
  const { runId = '' } = made.run;
  await settled(threadId, runId);
  asked();

  const cancelled = await ask(
    `mutation ($input: CancelRunInput!) { cancelRun(input: $input) { run ${everythingOf('Run')} } }`,
    { input: { threadId, runId } },
  );
  const [cancellation] = asked();
  expect(cancellation?.operation).toBe('POST /threads/{}/runs/{}/cancel');
  expect(cancelled).toEqual({ cancelRun: { run: asGraph('Run', cancellation?.result) } });
  expect(await settled(threadId, runId)).toMatchObject({ status: 'cancelled' });
});

test('a thread and a run can be created in one request', async () => {
  const engine = await startOverEngine();
  const { ask, asked, rest, settled } = engine;
  const { assistantId } = await prepared(engine);

  const created = await ask<{ createThreadAndRun: { run: Ids; thread: Ids } }>(
    `mutation ($input: CreateThreadAndRunInput!) {
      createThreadAndRun(input: $input) { run ${everythingOf('Run')} thread ${everythingOf('Thread')} }
    }`,
    {
      input: {
        assistantId,
        thread: { messages: [{ role: 'USER', content: [{ text: 'Hello' }] }], metadata: { a: 'b' } },
      },
    },
  );
  const [creation, reading] = asked();
  expect([creation?.operation, reading?.operation]).toEqual(['POST /threads/runs', 'GET /threads/{}']);
  const { run, thread } = created.createThreadAndRun;
  expect(run).toEqual(asGraph('Run', creation?.result));
  // By now the run may have ended, which adds to the usage of the thread.
  expect(thread).toEqual({
    ...Object(asGraph('Thread', await rest(`/threads/${thread['threadId']}`))),
    usage: expect.anything(),
  });
  expect(await settled(thread['threadId'] ?? '', run['runId'] ?? '')).toMatchObject({ status: 'completed' });
});

interface Waiting {
  requiredAction: { submitToolOutputs: { toolCalls: { id: string }[] } };
}
