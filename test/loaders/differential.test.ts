import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/cli/config.ts';
import { openEngine } from '../../src/engine/engine.ts';
import { createGraph, type GraphOptions } from '../../src/pipeline/graph.ts';
import { LoadLimit } from '../../src/pipeline/loadLimit.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { bytesOf } from '../../src/execution/bytes.ts';
import { ManualCancellation } from '../../src/rest/cancellation.ts';
import { FairQueue } from '../../src/rest/fairQueue.ts';
import { createLog } from '../../src/observability/log.ts';
import { createRestClient } from '../../src/rest/client.ts';
import { createRest } from '../../src/rest/rest.ts';
import type { Fetch } from '../../src/rest/fetch.ts';
import { type GeneratedQuery, type Ids, randomQuery } from './queries.ts';
import { type Random, randomFrom } from './random.ts';
import {
  type Account,
  assistantsOf,
  filesOf,
  range,
  restModel,
  storedFilesOf,
  type ThreadContents,
  threadOf,
} from './restModel.ts';

const threads: Account['threads'] & { small: ThreadContents } = {
  empty: threadOf('empty', {}),
  small: threadOf('small', { messages: 7, runs: 3, steps: 2, assistants: 3 }),
  usual: threadOf('usual', { messages: 90, runs: 14, steps: 3, assistants: 14 }),
  exact: threadOf('exact', { messages: 100, runs: 20, steps: 5, assistants: 9 }),
  large: threadOf('large', { messages: 260, runs: 120, steps: 1, assistants: 120 }),
};

/** Some objects are deleted, so that references to them are dangling. */
const gone = new Set([
  'asst_3',
  'asst_11',
  'asst_60',
  'msg_usual_5',
  'msg_usual_31',
  'msg_large_77',
  'run_usual_4',
  'file_2',
  'file_40',
]);
const isThere = ({ id }: { id: string }) => !gone.has(id);

/** Every third message has a file attached. */
const attached = <Message extends { id: string }>(message: Message, n: number) =>
  n % 3 === 0 ? { ...message, attachments: [{ file_id: `file_${n % 50}`, tools: [] }] } : message;

const account: Account = {
  assistants: assistantsOf(130).filter(isThere),
  threads: Object.fromEntries(
    Object.entries(threads).map(([name, { messages, runs }]) => [
      name,
      { messages: messages.filter(isThere).map(attached), runs: runs.filter(({ run }) => isThere(run)) },
    ]),
  ),
  files: filesOf(90).filter(isThere),
  // Files that are deleted remain in vector stores.
  vectorStores: { vs_empty: [], vs_usual: storedFilesOf(45), vs_large: storedFilesOf(140) },
};

/** Ids around one thread, a few of other threads, and some that never existed. */
const idsAround = (random: Random): Ids => {
  const name = random.pick(['empty', 'small', 'small', 'usual', 'usual', 'exact', 'large']);
  const { messages, runs } = threads[name] ?? threads.small;
  const some = <T>(all: T[], count: number) => range(count).flatMap(() => all[random.below(all.length)] ?? []);
  return {
    assistants: ['asst_none', 'asst_3', ...some(assistantsOf(130), 12).map(({ id }) => id)],
    threads: [name, name, name, name, name, name, random.pick(['small', 'usual']), 'none'],
    messages: ['msg_none', '..', ...some([...messages, ...threads.small.messages], 14).map(({ id }) => id)],
    runs: ['run_none', ...some([...runs, ...threads.small.runs], 9).map(({ run }) => run.id)],
    steps: [
      'step_none',
      ...some(
        runs.flatMap(({ steps }) => steps),
        8,
      ).map(({ id }) => id),
    ],
    files: ['file_none', 'file_2', ...some(filesOf(90), 10).map(({ id }) => id)],
    vectorStores: ['vs_none', 'vs_empty', 'vs_usual', 'vs_usual', 'vs_large'],
  };
};

/** The model behind a `fetch` whose responses overtake each other. */
const modelFetch = (random: Random): Fetch => {
  const answerTo = restModel(account);
  return async (sent) => {
    for (let turns = random.below(4); turns > 0; turns -= 1) await turn();
    const { pathname, searchParams } = new URL(sent);
    const { status, json } = answerTo(decodeURIComponent(pathname), Object.fromEntries(searchParams));
    return { status, headers: new Headers(), body: null, text: async () => JSON.stringify(json) };
  };
};

const graphOver = (fetch: Fetch, how: Pick<GraphOptions, 'plain' | 'executor'>) => {
  const upstream = {
    kind: 'external' as const,
    baseUrl: 'http://model.local',
    fetch,
    timeoutMs: 30_000,
    maxRetries: 0,
  };
  const limits = { maxUpstreamCalls: 1_000_000, maxTokens: 100_000, maxDepth: 50 };
  const log = createLog({ level: 'error' });
  const config = readConfig({});
  const load = new LoadLimit({ ...config, overloadQueueMs: 0 });
  return createGraph({ ...config, ...limits, ...how, upstream, queue: new FairQueue(40), load, log });
};

/** With nothing of what saves work: graphql-js, one call for each question. */
const plainOver = (fetch: Fetch) => requestOver(graphOver(fetch, { plain: true, executor: 'graphql-js' }));

/** With all of it, as requests are answered by default. */
const savingOver = (fetch: Fetch) => requestOver(graphOver(fetch, { plain: false, executor: 'compiled' }));

const requestOver =
  (graph: Pipeline) =>
  async ({ document, variables }: GeneratedQuery) => {
    const caller = await graph.admit({ surface: 'graphql', headers: new Headers() });
    const params = { query: document, operationName: undefined, variables };
    const { data, errors } = await graph
      .prepare(params, caller, { mutations: false })
      .execute(new ManualCancellation());
    // Of several errors that null the same field only the first in time is reported, so only that there are any is alike.
    return { data: JSON.parse(bytesOf(data).toString()), failed: errors.length > 0 };
  };

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Sends the same queries to a graph with batching and to one without. Returns the calls that each made. */
const compare = async (queries: number, random: Random, ids: () => Ids, fetch: Fetch) => {
  const calls = { saving: 0, plain: 0 };
  const counted =
    (which: keyof typeof calls): Fetch =>
    (url, init) => {
      calls[which] += 1;
      return fetch(url, init);
    };
  const [askSaving, askPlain] = [savingOver(counted('saving')), plainOver(counted('plain'))];
  for (const index of range(queries)) {
    const query = randomQuery(random, ids());
    const [saved, expected] = await Promise.all([askSaving(query), askPlain(query)]);
    if (JSON.stringify(saved) === JSON.stringify(expected)) continue;
    expect({ seed, index, ...query, ...saved }).toEqual({ seed, index, ...query, ...expected });
  }
  return calls;
};

describe(`batched and unbatched execution of generated queries (SEED=${seed})`, () => {
  test('generated queries return the same with and without batching, over an API whose responses overtake each other', async () => {
    const random = randomFrom(seed);
    const { saving, plain } = await compare(2000, random, () => idsAround(random), modelFetch(random));

    expect(saving).toBeLessThan(plain * 0.7);
  }, 120_000);

  test('generated queries return the same with and without batching, over the engine', async () => {
    const random = randomFrom(seed);
    const engine = await openEngine({ dataPath: ':memory:' });
    onTestFinished(() => engine.close());
    const fetch: Fetch = (url, init) => engine.fetch(new Request(url, init));
    const ids = await seeded(fetch, (form) =>
      engine.fetch(new Request('http://engine.local/v1/files', { method: 'POST', body: form })),
    );
    const { saving } = await compare(300, random, () => ids, fetch);

    expect(saving).toBeGreaterThan(300);
  }, 60_000);
});

/**
 * Fills the engine: one thread with ended runs, one with messages only; two vector stores, one of them empty. The first
 * assistant and the first file are deleted at the end.
 */
const seeded = async (fetch: Fetch, upload: (form: FormData) => Promise<Response>): Promise<Ids> => {
  const rest = createRest(createRestClient({ baseUrl: 'http://engine.local/v1', fetch, timeoutMs: 10_000 }));
  const model = 'any';
  const assistants: { id: string }[] = [];
  for (const n of range(6)) assistants.push(await rest.assistants.create({ model, name: `Assistant ${n}` }));
  const [talk, notes] = [await rest.threads.create({}), await rest.threads.create({})];
  const files: string[] = [];
  for (const n of range(8)) {
    const form = new FormData();
    form.set('purpose', n % 3 === 0 ? 'vision' : 'assistants');
    form.set('file', new Blob([`Note ${n}.`]), `note${n}.md`);
    const { id }: { id: string } = JSON.parse(await (await upload(form)).text());
    files.push(id);
  }
  const stores = [await rest.vectorStores.create({ file_ids: files }), await rest.vectorStores.create({})];
  for (const n of range(30)) {
    const attachments = n % 3 === 0 ? [{ file_id: files[n % 8], tools: [{ type: 'code_interpreter' as const }] }] : [];
    await rest.messages.create(notes.id, { role: 'user', content: `note ${n}`, attachments });
  }
  for (const { id } of assistants) {
    await rest.messages.create(talk.id, { role: 'user', content: 'Hello' });
    const run = await rest.runs.create(talk.id, { assistant_id: id });
    while ((await rest.runs.retrieve(talk.id, run.id)).status !== 'completed') await delay(5);
  }
  while ((await rest.vectorStores.retrieve(stores[0]?.id ?? '')).status !== 'completed') await delay(5);
  await rest.assistants.delete(assistants[0]?.id ?? '');
  await rest.files.delete(files[0] ?? '');

  const window = { limit: 100 };
  const runs = idsOf(await rest.runs.list(talk.id, window));
  const steps = await Promise.all(runs.map((id) => rest.runSteps.list(talk.id, id, window)));
  return {
    assistants: ['asst_none', ...assistants.map(({ id }) => id)],
    threads: ['thread_none', talk.id, talk.id, talk.id, notes.id],
    messages: ['msg_none', ...idsOf(await rest.messages.list(talk.id, window))],
    runs: ['run_none', ...runs],
    steps: ['step_none', ...steps.flatMap(idsOf)],
    files: ['file_none', ...files],
    vectorStores: ['vs_none', ...stores.map(({ id }) => id)],
  };
};

const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);
