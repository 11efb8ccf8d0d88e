import type { RestMessage } from '../../wire/message.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import type { ChatMessage } from '../models/model.ts';
import type { StoreReads } from '../store/store.ts';
import { promptCallsOf, promptMessageOf, type ReadImage } from './promptMessage.ts';

/** Maximum number of messages read at once. */
const largestPage = 100;

/** Newest first, page by page, so that no more of a long thread is read than is needed. `expected` is how many that may be. */
export async function* newestFirst(reads: StoreReads, threadId: string, expected: number): AsyncGenerator<RestMessage> {
  const limit = Math.min(largestPage, expected);
  let after: string | undefined;
  do {
    const page = await reads.messages.list(threadId, { limit, order: 'desc', after });
    yield* page.items;
    after = page.hasMore ? page.items.at(-1)?.id : undefined;
  } while (after !== undefined);
}

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

/** Messages of a thread as the model gets them, with the calls and outputs of the runs that wrote them. */
export class History {
  readonly #reads: StoreReads;
  readonly #readImage: ReadImage;
  readonly #stepsByRun = new Map<string, RestRunStep[]>();

  constructor(reads: StoreReads, readImage: ReadImage) {
    this.#reads = reads;
    this.#readImage = readImage;
  }

  /** The message and the calls next to it. Empty if its run wrote it again, since a server stopped while it was written. */
  async shownFor(message: RestMessage): Promise<ChatMessage[]> {
    const chat = await promptMessageOf(message, this.#readImage);
    if (message.run_id === null || message.role !== 'assistant') return [chat];
    const { step, before, after, isLast } = stepsAround(await this.#stepsOf(message.run_id), message.id);
    const isRewritten = message.incomplete_details?.reason === 'run_failed' && step !== undefined && !isLast;
    return [...before.flatMap(promptCallsOf), ...(isRewritten ? [] : [chat]), ...after.flatMap(promptCallsOf)];
  }

  async #stepsOf(runId: string): Promise<RestRunStep[]> {
    const known = this.#stepsByRun.get(runId) ?? (await this.#reads.steps.ofRun(runId));
    this.#stepsByRun.set(runId, known);
    return known;
  }
}
