import { onTestFinished, vi } from 'vitest';
import type { Engine, EngineOptions } from '../../src/engine/engine.ts';
import { openEngine } from './openEngine.ts';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import type { ChatRequest, Model } from '../../src/engine/models/model.ts';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestErrorBody } from '../../src/wire/error.ts';
import type { RestFile } from '../../src/wire/file.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import type { RestThread } from '../../src/wire/thread.ts';

/** One event of a stream; `data` is parsed, but for the `[DONE]` of the last. */
export interface SentEvent<Data = unknown> {
  id: number | undefined;
  event: string;
  data: Data;
}

/** The events in the text of a stream. */
export const eventsIn = (text: string): SentEvent[] =>
  text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => {
      const fields = new Map(
        frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      const data = fields.get('data') ?? '';
      return {
        id: fields.has('id') ? Number(fields.get('id')) : undefined,
        event: fields.get('event') ?? '',
        data: data === '[DONE]' ? data : (JSON.parse(data) as unknown),
      };
    });

export const requestTo = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  new Request(`http://engine.test/v1${path}`, {
    method,
    headers: { 'openai-beta': 'assistants=v2', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

/** The most frequent requests to an engine, through its `fetch`. */
export const clientOf = (engine: Engine) => {
  const send = async <Result>(method: string, path: string, body?: unknown): Promise<Result> => {
    const response = await engine.fetch(requestTo(method, path, body));
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path} returned ${response.status}: ${text}`);
    return JSON.parse(text) as Result;
  };
  const client = {
    engine,
    get: <Result>(path: string) => send<Result>('GET', path),
    post: <Result>(path: string, body?: unknown) => send<Result>('POST', path, body),
    remove: (path: string) => send<{ id: string; object: string; deleted: boolean }>('DELETE', path),

    /** Uploads a file for assistants. */
    upload: async (name: string, content: BlobPart = name): Promise<RestFile> => {
      const body = new FormData();
      body.set('purpose', 'assistants');
      body.set('file', new File([content], name));
      const response = await engine.fetch(new Request('http://engine.test/v1/files', { method: 'POST', body }));
      return (await response.json()) as RestFile;
    },

    /** The status and the error of a request that fails. */
    errorOf: async (method: string, path: string, body?: unknown) => {
      const response = await engine.fetch(requestTo(method, path, body));
      const { error } = (await response.json()) as RestErrorBody;
      return { status: response.status, ...error };
    },

    /** All events of a stream, which must end. */
    events: async (method: string, path: string, body?: unknown) => {
      const response = await engine.fetch(requestTo(method, path, body));
      const text = await response.text();
      if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) throw new Error(text);
      return eventsIn(text);
    },

    assistant: (body: object = {}) => send<RestAssistant>('POST', '/assistants', { model: 'test', ...body }),
    thread: (...texts: string[]) =>
      send<RestThread>('POST', '/threads', { messages: texts.map((content) => ({ role: 'user', content })) }),
    messages: (threadId: string, query = 'order=asc') =>
      send<RestPage<RestMessage>>('GET', `/threads/${threadId}/messages?${query}`),
    run: (run: RestRun) => send<RestRun>('GET', `/threads/${run.thread_id}/runs/${run.id}`),
    steps: (run: RestRun, query = 'order=asc') =>
      send<RestPage<RestRunStep>>('GET', `/threads/${run.thread_id}/runs/${run.id}/steps?${query}`),
    submit: (run: RestRun, output: string) =>
      send<RestRun>('POST', `/threads/${run.thread_id}/runs/${run.id}/submit_tool_outputs`, {
        tool_outputs: callsOf(run).map(({ id }) => ({ tool_call_id: id, output })),
      }),

    /** A run of a new thread that holds one message. */
    start: (assistant: RestAssistant, text: string, body: object = {}) =>
      send<RestRun>('POST', '/threads/runs', {
        assistant_id: assistant.id,
        thread: { messages: [{ role: 'user', content: text }] },
        ...body,
      }),

    /** The run when it has one of the given statuses. */
    until: (run: RestRun, ...states: RestRun['status'][]): Promise<RestRun> => {
      const check = async () => {
        const latest = await client.run(run);
        if (!states.includes(latest.status)) throw new Error(`the run is still ${latest.status}`);
        return latest;
      };
      return vi.waitFor(check, { timeout: 20_000, interval: 10 });
    },
  };
  return client;
};

/** An engine of its own for the test, by default in memory, which is closed with the test. */
export const startClient = async (options: Partial<EngineOptions> = {}) => {
  const engine = await openEngine({ dataPath: ':memory:', ...options });
  onTestFinished(() => engine.close());
  return clientOf(engine);
};

export const callsOf = (run: RestRun) => run.required_action?.submit_tool_outputs.tool_calls ?? [];

export const textOf = (message: RestMessage | undefined) =>
  (message?.content ?? []).map((part) => (part.type === 'text' ? part.text.value : '')).join('');

export const functionTool = (name: string) => ({ type: 'function', function: { name } });

/** A model that streams scripted deltas, then a finish if the script has none, and records its requests. */
export const scriptedModel = (answer: (request: ChatRequest) => AsyncIterable<ChatDelta>) => {
  const requests: ChatRequest[] = [];
  const model: Model = {
    name: 'scripted',
    offline: true,
    hostedTools: [],
    contextTokensOf: () => 10_000,
    freeCalls: () => Number.POSITIVE_INFINITY,
    listModels: () => Promise.resolve({ models: [], isComplete: false }),
    probe: () => Promise.resolve(),
    close: () => Promise.resolve(),
    async complete(request, take) {
      requests.push(request);
      let calls = 0;
      for await (const delta of answer(request)) {
        await take(delta);
        if (delta.type === 'finish') return;
        if (delta.type === 'tool_call') calls += 1;
      }
      await take({ type: 'finish', reason: calls > 0 ? 'tool_calls' : 'stop' });
    },
  };
  return { model, requests };
};
