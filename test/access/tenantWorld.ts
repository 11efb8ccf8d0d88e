import { vi } from 'vitest';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestFile } from '../../src/wire/file.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import type { RestVectorStore } from '../../src/wire/vectorStore.ts';
import { type App, bearer } from './apps.ts';

/** The ids of what a tenant has. */
export interface Ids {
  readonly assistant: string;
  readonly deletedAssistant: string;
  /** A thread whose run waits for the output of a tool call. */
  readonly thread: string;
  readonly message: string;
  readonly deletedMessage: string;
  readonly run: string;
  readonly step: string;
  readonly call: string;
  /** A thread whose run has completed. */
  readonly doneThread: string;
  readonly doneRun: string;
  readonly doneStep: string;
  /** A file that is in the vector store. */
  readonly file: string;
  readonly vectorStore: string;
}

/** Ids of the same kinds, of objects that do not exist. */
export const unknownIds: Ids = {
  assistant: 'asst_111111111111111111111111',
  deletedAssistant: 'asst_222222222222222222222222',
  thread: 'thread_333333333333333333333333',
  message: 'msg_444444444444444444444444',
  deletedMessage: 'msg_555555555555555555555555',
  run: 'run_666666666666666666666666',
  step: 'step_777777777777777777777777',
  call: 'call_888888888888888888888888',
  doneThread: 'thread_999999999999999999999999',
  doneRun: 'run_000000000000000000000000',
  doneStep: 'step_aaaaaaaaaaaaaaaaaaaaaaaa',
  file: 'file-bbbbbbbbbbbbbbbbbbbbbbbb',
  vectorStore: 'vs_cccccccccccccccccccccccc',
};

/** What a client with this token does over REST. */
export const clientWith = (app: App, token: string) => {
  const text = async (method: string, path: string, body?: unknown) => {
    const response = await app.rest(method, path, bearer(token), body);
    return { status: response.status, text: await response.text() };
  };
  const send = async <Result>(method: string, path: string, body?: unknown): Promise<Result> => {
    const received = await text(method, path, body);
    if (received.status !== 200) throw new Error(`${method} ${path}: ${received.text}`);
    return JSON.parse(received.text) as Result;
  };
  return { text, send };
};

/** A file of the tenant in a vector store, indexed. */
const filesOf = async (app: App, token: string, name: string) => {
  const { send } = clientWith(app, token);
  const form = new FormData();
  form.set('purpose', 'assistants');
  form.set('file', new File([`a heron of ${name}`], `${name}.txt`));
  const created = await fetch(`${app.url}/v1/files`, { method: 'POST', headers: bearer(token), body: form });
  const { id: file } = (await created.json()) as RestFile;
  const { id } = await send<RestVectorStore>('POST', '/vector_stores', { name, file_ids: [file] });
  const indexed = async () => {
    const { status } = await send<RestVectorStore>('GET', `/vector_stores/${id}`);
    if (status !== 'completed') throw new Error(`the vector store is still ${status}`);
  };
  await vi.waitFor(indexed, { timeout: 20_000, interval: 50 });
  return { file, vectorStore: id };
};

/** Creates some of everything for the tenant with this token. Everything that it wrote has `name` in it. */
export const populate = async (app: App, token: string, name: string): Promise<Ids> => {
  const { send } = clientWith(app, token);
  const tools = [{ type: 'function', function: { name: 'get_weather' } }];
  const assistant = await send<RestAssistant>('POST', '/assistants', { model: 'm', name, tools, metadata: { name } });
  const deletedAssistant = await send<RestAssistant>('POST', '/assistants', { model: 'm', name });
  await send('DELETE', `/assistants/${deletedAssistant.id}`);

  const runIn = async (content: string, status: string) => {
    const messages = [{ role: 'user', content, metadata: { name } }];
    const thread = await send<RestThread>('POST', '/threads', { messages, metadata: { name } });
    const [message] = (await send<RestPage<RestMessage>>('GET', `/threads/${thread.id}/messages`)).data;
    const path = `/threads/${thread.id}/runs`;
    const { id } = await send<RestRun>('POST', path, { assistant_id: assistant.id, metadata: { name } });
    const run = await vi.waitFor(
      async () => {
        const latest = await send<RestRun>('GET', `${path}/${id}`);
        if (latest.status !== status) throw new Error(`still ${latest.status}`);
        return latest;
      },
      { timeout: 10_000, interval: 20 },
    );
    const [step] = (await send<RestPage<RestRunStep>>('GET', `${path}/${id}/steps`)).data;
    return { thread: thread.id, message: message?.id ?? '', run, step: step?.id ?? '' };
  };

  const done = await runIn(`hello from ${name}`, 'completed');
  const waiting = await runIn(`get_weather {"city":"${name}"}`, 'requires_action');
  // Adding messages is not allowed during a run, deleting them is.
  const { id: deletedMessage } = await send<RestMessage>('POST', `/threads/${done.thread}/messages`, {
    role: 'user',
    content: name,
  });
  await send('DELETE', `/threads/${done.thread}/messages/${deletedMessage}`);
  return {
    assistant: assistant.id,
    deletedAssistant: deletedAssistant.id,
    thread: waiting.thread,
    message: waiting.message,
    deletedMessage,
    run: waiting.run.id,
    step: waiting.step,
    call: waiting.run.required_action?.submit_tool_outputs.tool_calls[0]?.id ?? '',
    doneThread: done.thread,
    doneRun: done.run.id,
    doneStep: done.step,
    ...(await filesOf(app, token, name)),
  };
};

/** All that the tenant with this token can read of what it has, as text. */
export const snapshotOf = async (app: App, token: string, ids: Ids): Promise<string> => {
  const { text } = clientWith(app, token);
  const paths = [
    '/assistants',
    `/assistants/${ids.assistant}`,
    '/files',
    '/vector_stores',
    `/vector_stores/${ids.vectorStore}/files`,
    ...[
      { thread: ids.thread, run: ids.run, end: '' },
      { thread: ids.doneThread, run: ids.doneRun, end: '/events' },
    ].flatMap(({ thread, run, end }) => [
      `/threads/${thread}`,
      `/threads/${thread}/messages`,
      `/threads/${thread}/runs`,
      `/threads/${thread}/runs/${run}/steps`,
      `/threads/${thread}/runs/${run}${end}`,
    ]),
  ];
  const read = await Promise.all(paths.map((path) => text('GET', path)));
  return read.map((one) => `${one.status} ${one.text}`).join('\n');
};

/** A text with names in place of the ids in it, so that texts about different objects can be compared. */
export const withoutIds = (text: string, ids: Ids): string =>
  Object.entries(ids).reduce((named, [kind, id]) => named.replaceAll(id, `<${kind}>`), text);
