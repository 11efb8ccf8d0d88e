import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from '../machine/build.ts';
import { type Child, startNode } from '../machine/children.ts';
import { OTHER_CORES, SERVER_CORES } from '../machine/cores.ts';
import { graphqlAsEvents } from '../request.ts';
import type { Round } from './drive.ts';
import { driveOverHttp } from './overHttp.ts';

/** A way to have runs of the model. */
export interface Way {
  /** As the JSON file has it. */
  readonly name: string;
  /** As the table has it. */
  readonly label: string;
  /** Whose processor time is measured: the process between the model and its reader. */
  readonly child: Child;
  readonly round: (runs: number, atATime: number) => Promise<Round>;
}

export interface Ways {
  /** The first one is the model itself. */
  readonly all: readonly Way[];
  readonly stop: () => Promise<void>;
}

const QUESTION = 'What is the capital of France?';

/** The model itself, on the cores of the load. */
const startModel = (cores: string | undefined, args: readonly string[]) =>
  startNode({ name: 'the model', args, ready: /listening on (http:\S+)\n/, cores });

const modelItself = (model: Child, url: string): Way => ({
  name: 'model',
  label: 'the model itself',
  child: model,
  round: (runs, atATime) => {
    const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: QUESTION }], stream: true });
    const request = { method: 'POST', path: '/v1/chat/completions', body, accept: 'text/event-stream' } as const;
    return driveOverHttp({ url, request, completed: '[DONE]' }, runs, atATime);
  },
});

const byHand = (child: Child): Way => ({
  name: 'by-hand',
  label: 'by hand: openai SDK, nothing stored',
  child,
  round: async (runs, atATime) => (await child.ask(`${runs},${atATime}`)) as Round,
});

const ASSISTANT = { model: 'bench', name: 'Geographer', instructions: 'Reply briefly.' };
const BETA = { 'openai-beta': 'assistants=v2' };

const newAssistant = async (url: string): Promise<string> => {
  const response = await fetch(`${url}/v1/assistants`, {
    method: 'POST',
    headers: { ...BETA, 'content-type': 'application/json' },
    body: JSON.stringify(ASSISTANT),
  });
  return ((await response.json()) as { id: string }).id;
};

const overRest = (child: Child, url: string, assistantId: string): Way => ({
  name: 'rest',
  label: 'assistants-graphql, /v1 streamed',
  child,
  round: (runs, atATime) => {
    const thread = { messages: [{ role: 'user', content: QUESTION }] };
    const body = JSON.stringify({ assistant_id: assistantId, thread, stream: true });
    const request = { method: 'POST', path: '/v1/threads/runs', body, headers: BETA } as const;
    return driveOverHttp({ url, request, completed: 'event: thread.run.completed\n' }, runs, atATime);
  },
});

const subscription = `subscription Ask($assistantId: ID!, $question: String!) {
  createThreadAndRunStream(input: { assistantId: $assistantId, thread: { messages: [{ role: USER, content: [{ text: $question }] }] } }) {
    event
    ... on RunStateStreamEvent { run { runId status } }
    ... on MessageDeltaStreamEvent { messageId text }
  }
}`;

const overGraphql = (child: Child, url: string, assistantId: string): Way => ({
  name: 'graphql',
  label: 'assistants-graphql, GraphQL subscription',
  child,
  round: (runs, atATime) => {
    const request = graphqlAsEvents(subscription, { assistantId, question: QUESTION });
    return driveOverHttp({ url, request, completed: '"event":"thread.run.completed"' }, runs, atATime);
  },
});

/** Starts the model, and in front of it the program by hand and this server, with its data in a new file. */
export const startWays = async (isPinned: boolean): Promise<Ways> => {
  const [others, servers] = isPinned ? [OTHER_CORES, SERVER_CORES] : [];
  const programs = await Promise.all(
    ['modelServer', 'sdk'].map((name) => built(name, new URL(`${name}.ts`, import.meta.url))),
  );
  const [modelServer = '', sdk = ''] = programs;
  const model = await startModel(others, [modelServer]);
  const [modelUrl = ''] = model.found;
  const hand = await startNode({
    name: 'the program by hand',
    args: [sdk],
    env: { MODEL_URL: `${modelUrl}/v1` },
    ready: /ready/,
    cores: servers,
  });
  const data = mkdtempSync(join(tmpdir(), 'assistants-bench-'));
  const server = await startNode({
    name: 'assistants-graphql',
    args: ['dist/server.js'],
    cwd: new URL('../..', import.meta.url),
    env: { PORT: '0', DATA_PATH: join(data, 'bench.db'), MODEL_BASE_URL: `${modelUrl}/v1`, OVERLOAD_QUEUE_MS: '0' },
    ready: /(http:\S+)\/graphql\n/,
    cores: servers,
  });
  const [url = ''] = server.found;
  const assistantId = await newAssistant(url);
  return {
    all: [
      modelItself(model, modelUrl),
      byHand(hand),
      overRest(server, url, assistantId),
      overGraphql(server, url, assistantId),
    ],
    stop: async () => {
      await Promise.all([server, hand, model].map((child) => child.stop()));
      rmSync(data, { recursive: true, force: true });
    },
  };
};
