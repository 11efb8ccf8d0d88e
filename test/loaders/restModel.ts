import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import { refusal, type UpstreamCall } from '../support/upstream.ts';

type Assistant = Partial<RestAssistant> & { id: string };
type Message = Partial<RestMessage> & { id: string; run_id: string | null };
type Run = Partial<RestRun> & { id: string; assistant_id: string };
type Step = Partial<RestRunStep> & { id: string };

/** An account of the REST API in memory. Its lists stand oldest first. */
export interface Account {
  assistants: Assistant[];
  threads: Map<string, { messages: Message[]; runs: { run: Run; steps: Step[] }[] }>;
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** `name_0`, `name_1`, …, as messages of the REST API have them. */
export const assistantsOf = (count: number): Assistant[] =>
  range(count).map((n) => ({
    id: `asst_${n}`,
    created_at: 1_700_000_000 + n,
    name: `Assistant ${n}`,
    model: 'a-model',
  }));

/**
 * A thread with `runs` runs of `steps` steps each, by the assistants in turn, and `messages` messages; every second of them
 * was written by one of the runs. Ids are unlike those of any other thread.
 */
export const threadOf = (
  name: string,
  {
    messages = 0,
    runs = 0,
    steps = 0,
    assistants = 1,
  }: Partial<Record<'messages' | 'runs' | 'steps' | 'assistants', number>>,
) => ({
  messages: range(messages).map((n) => {
    const run = n % 2 === 1 && runs > 0 ? (n >> 1) % runs : undefined;
    return {
      id: `msg_${name}_${n}`,
      created_at: 1_700_001_000 + n,
      role: run === undefined ? ('user' as const) : ('assistant' as const),
      content: [{ type: 'text' as const, text: { value: `text ${n}`, annotations: [] } }],
      run_id: run === undefined ? null : `run_${name}_${run}`,
      assistant_id: run === undefined ? null : `asst_${run % assistants}`,
    };
  }),
  runs: range(runs).map((n) => ({
    run: {
      id: `run_${name}_${n}`,
      created_at: 1_700_002_000 + n,
      status: 'completed' as const,
      model: 'a-model',
      assistant_id: `asst_${n % assistants}`,
    },
    steps: range(steps).map((s) => ({
      id: `step_${name}_${n}_${s}`,
      created_at: 1_700_003_000 + s,
      type: 'message_creation' as const,
      status: 'completed' as const,
      assistant_id: `asst_${n % assistants}`,
      step_details: {
        type: 'message_creation' as const,
        message_creation: { message_id: `msg_${name}_${(n + s * runs) * 2 + 1}` },
      },
    })),
  })),
});

/** Answers as the REST API does for reads. What it does not know is missing, members of missing threads included. */
export const restModel = ({ assistants, threads }: Account) => {
  const answer = ({ path, query }: UpstreamCall): unknown => {
    const [root, id, kind, memberId, , stepId] = path.slice(1).split('/').map(decodeURIComponent);
    const deep = path.split('/').length > 5;
    if (root === 'assistants') return id === undefined ? page(assistants, query) : found('assistant', assistants, id);
    const thread = threads.get(id ?? '');
    if (!thread) return missing('thread', id);
    const own = { thread_id: id };
    if (kind === undefined) return { id, object: 'thread', created_at: 1_700_000_500, metadata: { thread: id } };
    if (kind === 'messages') {
      const all = thread.messages.map((message) => ({ ...own, ...message }));
      if (memberId !== undefined) return found('message', all, memberId);
      const { run_id: runId } = query;
      return page(runId === undefined ? all : all.filter((message) => message.run_id === runId), query);
    }
    const runs = thread.runs.map(({ run }) => ({ ...own, ...run }));
    if (memberId === undefined) return page(runs, query);
    if (!deep) return found('run', runs, memberId);
    const run = thread.runs.find((one) => one.run.id === memberId);
    if (!run) return missing('run', memberId);
    const steps = run.steps.map((step) => ({ ...own, run_id: memberId, ...step }));
    return stepId === undefined ? page(steps, query) : found('step', steps, stepId);
  };
  return answer;
};

const missing = (type: string, id: string | undefined) => refusal(404, `No ${type} found with id '${id}'.`);

const found = (type: string, all: readonly { id: string }[], id: string) =>
  all.find((one) => one.id === id) ?? missing(type, id);

/** As the REST API pages: newest first unless told, 20 unless told and at most 100. */
const page = (all: readonly { id: string }[], { limit = '20', order = 'desc', after }: Record<string, string>) => {
  const size = Number(limit);
  if (!(size >= 1 && size <= 100)) return refusal(400, `Invalid 'limit': ${limit}.`);
  const ordered = order === 'asc' ? all : all.toReversed();
  const at = ordered.findIndex(({ id }) => id === after);
  if (after !== undefined && at === -1) return refusal(400, `Invalid 'after': no member ${after}.`);
  const following = ordered.slice(at + 1);
  const data = following.slice(0, size);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: following.length > size,
  };
};
