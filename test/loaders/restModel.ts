import { groupBy } from '../../src/loaders/groupBy.ts';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestFile } from '../../src/wire/file.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import type { RestVectorStoreFile } from '../../src/wire/vectorStore.ts';
import { reply, type UpstreamCall } from '../support/upstream.ts';

type Named<T> = Partial<T> & { id: string };

export interface ThreadContents {
  messages: (Named<RestMessage> & { run_id: string | null })[];
  runs: { run: Named<RestRun>; steps: Named<RestRunStep>[] }[];
}

type Query = Record<string, string>;

/** An account of the REST API in memory. Lists are oldest first. */
export interface Account {
  assistants: Named<RestAssistant>[];
  threads: Record<string, ThreadContents>;
  files?: Named<RestFile>[];
  /** The files of each vector store, by its id. */
  vectorStores?: Record<string, Named<RestVectorStoreFile>[]>;
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** `asst_0`, `asst_1`, … */
export const assistantsOf = (count: number) =>
  range(count).map((n) => ({
    id: `asst_${n}`,
    created_at: 1_700_000_000 + n,
    name: `Assistant ${n}`,
    model: 'a-model',
  }));

/** `file_0`, `file_1`, …, of two purposes in turn. */
export const filesOf = (count: number) =>
  range(count).map((n) => ({
    id: `file_${n}`,
    created_at: 1_700_004_000 + n,
    filename: `file ${n}.md`,
    bytes: n,
    purpose: n % 3 === 0 ? ('vision' as const) : ('assistants' as const),
  }));

/** `file_0`, `file_1`, … of a vector store; every fourth has failed. */
export const storedFilesOf = (count: number) =>
  range(count).map((n) => ({
    id: `file_${n}`,
    created_at: 1_700_005_000 + n,
    usage_bytes: n,
    status: n % 4 === 3 ? ('failed' as const) : ('completed' as const),
  }));

interface Sizes {
  messages?: number;
  runs?: number;
  /** Of each run. */
  steps?: number;
  /** The runs use this many of them in turn. */
  assistants?: number;
}

/**
 * The contents of the thread `name`: `run_name_0` …, each with `step_name_0_0` …; and `msg_name_0` …, every second one
 * created by a run.
 */
export const threadOf = (
  name: string,
  { messages = 0, runs = 0, steps = 0, assistants = 1 }: Sizes,
): ThreadContents => ({
  messages: range(messages).map((n) => {
    const run = n % 2 === 1 && runs > 0 ? (n >> 1) % runs : undefined;
    return {
      id: `msg_${name}_${n}`,
      created_at: 1_700_001_000 + n,
      role: run === undefined ? 'user' : 'assistant',
      content: [{ type: 'text', text: { value: `text ${n}`, annotations: [] } }],
      run_id: run === undefined ? null : `run_${name}_${run}`,
      assistant_id: run === undefined ? null : `asst_${run % assistants}`,
    };
  }),
  runs: range(runs).map((n) => ({
    run: {
      id: `run_${name}_${n}`,
      created_at: 1_700_002_000 + n,
      status: 'completed',
      model: 'a-model',
      assistant_id: `asst_${n % assistants}`,
    },
    steps: range(steps).map((s) => ({
      id: `step_${name}_${n}_${s}`,
      created_at: 1_700_003_000 + s,
      type: 'message_creation',
      status: 'completed',
      assistant_id: `asst_${n % assistants}`,
      step_details: {
        type: 'message_creation',
        message_creation: { message_id: `msg_${name}_${(n + s * runs) * 2 + 1}` },
      },
    })),
  })),
});

export interface RestAnswer {
  status: number;
  json: object;
}

const ok = (json: object): RestAnswer => ({ status: 200, json });

const refused = (status: number, message: string): RestAnswer => ({
  status,
  json: { error: { message, type: 'invalid_request_error', param: null, code: null } },
});

const missing = (type: string, id: string) => refused(404, `No ${type} found with id '${id}'.`);

/** A list, and its members by id; the error for a missing member calls it `type`. */
class Listed {
  readonly #type: string;
  readonly #newestLast: { id: string }[];
  readonly #newestFirst: { id: string }[];
  readonly #places: Map<string, number>;

  constructor(type: string, items: readonly { id: string }[]) {
    this.#type = type;
    this.#newestLast = [...items];
    this.#newestFirst = items.toReversed();
    this.#places = new Map(items.map(({ id }, place) => [id, place]));
  }

  member(id: string): RestAnswer {
    const item = this.#newestLast[this.#places.get(id) ?? -1];
    return item ? ok(item) : missing(this.#type, id);
  }

  /** Pages as in the REST API: by default newest first and 20, at most 100. */
  page({ limit = '20', order = 'desc', after }: Query): RestAnswer {
    const size = Number(limit);
    if (!(size >= 1 && size <= 100)) return refused(400, `Invalid 'limit': ${limit}.`);
    const all = order === 'asc' ? this.#newestLast : this.#newestFirst;
    const place = after === undefined ? undefined : this.#places.get(after);
    if (after !== undefined && place === undefined) return refused(400, `Invalid 'after': no member ${after}.`);
    const start = place === undefined ? 0 : 1 + (order === 'asc' ? place : all.length - 1 - place);
    const data = all.slice(start, start + size);
    const [first, last] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
    return ok({ object: 'list', data, first_id: first, last_id: last, has_more: start + size < all.length });
  }
}

/** Responds to reads as the REST API does, with 404 for what is not in the account. */
export const restModel = ({ assistants, threads, files = [], vectorStores = {} }: Account) => {
  const stores = Object.keys(vectorStores).map((id) => ({ id, created_at: 1_700_006_000, name: id }));
  const lists = new Map([
    ['/assistants', new Listed('assistant', assistants)],
    ['/files', new Listed('file', files)],
    ['/vector_stores', new Listed('vector store', stores)],
  ]);
  for (const [purpose, uploaded] of groupBy(files, (file) => file.purpose)) {
    lists.set(`/files?${purpose}`, new Listed('file', uploaded));
  }
  for (const [id, stored] of Object.entries(vectorStores)) {
    const path = `/vector_stores/${id}/files`;
    const inStore = stored.map((file) => ({ vector_store_id: id, ...file }));
    lists.set(path, new Listed('file', inStore));
    for (const [status, some] of groupBy(inStore, (file) => file.status)) {
      lists.set(`${path}?${status}`, new Listed('file', some));
    }
  }
  for (const [id, { messages, runs }] of Object.entries(threads)) {
    const inThread = messages.map((message) => ({ thread_id: id, ...message }));
    lists.set(`/threads/${id}/messages`, new Listed('message', inThread));
    for (const [runId, written] of groupBy(inThread, ({ run_id }) => run_id)) {
      lists.set(`/threads/${id}/messages?${runId}`, new Listed('message', written));
    }
    const ofThread = runs.map(({ run }) => ({ thread_id: id, ...run }));
    lists.set(`/threads/${id}/runs`, new Listed('run', ofThread));
    for (const { run, steps } of runs) {
      const ofRun = steps.map((step) => ({ thread_id: id, run_id: run.id, ...step }));
      lists.set(`/threads/${id}/runs/${run.id}/steps`, new Listed('step', ofRun));
    }
  }
  const threadAt = (id: string) =>
    Object.hasOwn(threads, id)
      ? ok({ id, object: 'thread', created_at: 1_700_000_500, metadata: { name: id } })
      : missing('thread', id);

  return (path: string, query: Query): RestAnswer => {
    const list = lists.get(path);
    const narrowed = query['run_id'] ?? query['purpose'] ?? query['filter'];
    if (list && narrowed !== undefined) return (lists.get(`${path}?${narrowed}`) ?? noMembers).page(query);
    if (list) return list.page(query);
    const [parent, id] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
    return parent === '/threads' ? threadAt(id) : (lists.get(parent)?.member(id) ?? missing('object', id));
  };
};

const noMembers = new Listed('member', []);

/** The same for a test's upstream. */
export const restRoutes = (account: Account) => {
  const answerTo = restModel(account);
  return ({ path, query }: UpstreamCall) => reply(answerTo(decodeURIComponent(path), query));
};
