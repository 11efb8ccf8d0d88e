import type { RestMessage } from '../../wire/message.ts';
import type { RestRun } from '../../wire/run.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import type { ChatMessage } from '../models/model.ts';
import type { EngineCall } from '../store/access/engineCalls.ts';
import type { StoreReads } from '../store/store.ts';
import { promptCallsOf, promptMessageOf, type ReadImage } from './promptMessage.ts';

/** Maximum number of messages read at once. */
const largestPage = 100;

const messageIdOf = ({ step_details: details }: RestRunStep): string | undefined =>
  details.type === 'message_creation' ? details.message_creation.message_id : undefined;

/** The steps of a run around one of its messages: those since the message before, and those after the last message. */
const stepsAround = (steps: readonly RestRunStep[], messageId: string) => {
  const at = steps.findIndex((step) => messageIdOf(step) === messageId);
  const previous = steps.slice(0, Math.max(at, 0)).findLastIndex((step) => messageIdOf(step) !== undefined);
  const rest = steps.slice(at + 1);
  return {
    step: steps[at],
    before: steps.slice(previous + 1, Math.max(at, 0)),
    after: at === -1 || rest.some((step) => messageIdOf(step) !== undefined) ? [] : rest,
    isLast: rest.length === 0,
  };
};

/** A message of the thread as the model gets it, with the calls next to it. */
export interface ShownMessage {
  message: RestMessage;
  chat: ChatMessage[];
}

/** The steps of a run, and its calls of the engine's own tools. */
interface RunParts {
  steps: RestRunStep[];
  calls: EngineCall[];
}

const noParts: RunParts = { steps: [], calls: [] };

const hasOwnCalls = (steps: readonly RestRunStep[]): boolean =>
  steps.some(
    ({ step_details: details }) =>
      details.type === 'tool_calls' && details.tool_calls.some(({ type }) => type !== 'function'),
  );

/** The index of a message that follows a run, or the number of messages if none does. -1 if it is older than those shown. */
const indexOf = (shown: readonly ShownMessage[], messageId: string | null): number =>
  messageId === null ? shown.length : shown.findIndex(({ message }) => message.id === messageId);

/**
 * As `indexOf`, of a run of which it is not known what follows it: by its time of creation and the runs that are `later`. A message that
 * clients added within the second of its creation counts as older.
 */
const indexByTime = (shown: readonly ShownMessage[], createdAt: number, later: ReadonlySet<string>): number => {
  const index = shown.findIndex(
    ({ message }) => message.created_at > createdAt || (message.run_id !== null && later.has(message.run_id)),
  );
  return index === -1 ? shown.length : index;
};

/** Messages of the thread of a run as the model gets them, with the calls and outputs of the runs that wrote them. */
export class History {
  readonly #reads: StoreReads;
  readonly #readImage: ReadImage;
  readonly #run: RestRun;
  readonly #partsByRun = new Map<string, RunParts>();

  constructor(reads: StoreReads, readImage: ReadImage, run: RestRun) {
    this.#reads = reads;
    this.#readImage = readImage;
    this.#run = run;
  }

  /** Newest first, page by page, so that no more of a long thread is read than is needed. `expected` is how many that may be. */
  async *newestFirst(expected: number): AsyncGenerator<RestMessage> {
    const limit = Math.min(largestPage, expected);
    let after: string | undefined;
    do {
      const page = await this.#reads.messages.list(this.#run.thread_id, { limit, order: 'desc', after });
      // Imported messages may lack what other servers omit.
      const messages = page.items.map((message) => ({ ...message, run_id: message.run_id ?? null }));
      await this.#readParts(
        messages.flatMap(({ role, run_id: id }) => (role === 'assistant' && id !== null ? [id] : [])),
      );
      yield* messages;
      after = page.hasMore ? page.items.at(-1)?.id : undefined;
    } while (after !== undefined);
  }

  /** The message and the calls next to it. Empty if its run wrote it again, since a server stopped while it was written. */
  async shownFor(message: RestMessage): Promise<ChatMessage[]> {
    const chat = await promptMessageOf(message, this.#readImage);
    if (message.run_id === null || message.role !== 'assistant') return [chat];
    const { steps, calls } = this.#partsOf(message.run_id);
    const { step, before, after, isLast } = stepsAround(steps, message.id);
    const isRewritten = message.incomplete_details?.reason === 'run_failed' && step !== undefined && !isLast;
    const callsIn = (some: readonly RestRunStep[]) => some.flatMap((each) => promptCallsOf(each, calls));
    return [...callsIn(before), ...(isRewritten ? [] : [chat]), ...callsIn(after)];
  }

  /**
   * The calls and outputs of runs that wrote no message, since they failed or were cancelled after outputs were submitted.
   * Only runs between the `shown` messages, which are in order. `at` is the index of the message that
   * follows the calls, or the number of messages.
   */
  async callsWithoutMessages(shown: readonly ShownMessage[]): Promise<{ at: number; chat: ChatMessage[] }[]> {
    const { id: ownId, thread_id: threadId } = this.#run;
    // A run usually writes a message: so many runs at most are as recent as these messages.
    const newest = await this.#reads.runs.newestIn(threadId, shown.length + 1);
    const withMessages = new Set(shown.map(({ message }) => message.run_id));
    const silent = newest.flatMap(({ id }) => (id === ownId || withMessages.has(id) ? [] : [id]));
    await this.#readParts(silent);
    const chats = new Map<string, ChatMessage[]>();
    for (const id of silent) {
      const { steps, calls } = this.#partsOf(id);
      const chat = steps.flatMap((step) => promptCallsOf(step, calls));
      if (chat.length > 0) chats.set(id, chat);
    }
    if (chats.size === 0) return [];
    const following = await this.#reads.messages.followingRuns(threadId, [...chats.keys()], ownId);
    const nextByRun = new Map(following.map(({ runId, messageId }) => [runId, messageId]));
    const later = new Set<string>();
    const found: { at: number; chat: ChatMessage[] }[] = [];
    for (const { id, createdAt } of newest) {
      const chat = chats.get(id);
      if (chat !== undefined) {
        const next = nextByRun.get(id);
        const at = next === undefined ? indexByTime(shown, createdAt, later) : indexOf(shown, next);
        if (at > 0) found.push({ at, chat });
      }
      later.add(id);
    }
    return found;
  }

  #partsOf(runId: string): RunParts {
    return this.#partsByRun.get(runId) ?? noParts;
  }

  /** Reads the parts of the runs that are not known yet, except those of the run itself. */
  async #readParts(runIds: readonly string[]): Promise<void> {
    const unknown = new Set(runIds.filter((id) => id !== this.#run.id && !this.#partsByRun.has(id)));
    const read = await this.#reads.steps.ofRuns([...unknown]);
    for (const id of unknown) {
      const steps = read.filter(({ run_id: runId }) => runId === id);
      const calls = hasOwnCalls(steps) ? await this.#reads.engineCalls.ofRun(id) : [];
      this.#partsByRun.set(id, { steps, calls });
    }
  }
}
