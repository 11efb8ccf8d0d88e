import type { RestMessage } from '../../wire/message.ts';
import type { RestRun } from '../../wire/run.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import type { ChatMessage } from '../models/model.ts';
import { estimateMessageTokens } from '../models/tokens.ts';
import type { EngineCall } from '../store/access/engineCalls.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreReads } from '../store/store.ts';
import { History, type ShownMessage } from './history.ts';
import { promptCallsOf, promptMessageOf, type ReadImage, withJoinedCalls } from './promptMessage.ts';

/** `tokens` is an estimate. */
export interface Prompt {
  messages: ChatMessage[];
  tokens: number;
}

export interface PromptOptions {
  /** Of the completed turns of the run. */
  steps: RestRunStep[];
  /** Calls of the engine's own tools in these turns. */
  engineCalls: readonly EngineCall[];
  /** Tokens that the model can take of the prompt. */
  contextTokens: number;
  readImage: ReadImage;
}

/** The earlier turns of the run: the model's messages, calls and their outputs. */
const ownTurns = async (
  { steps, engineCalls, readImage }: PromptOptions,
  own: ReadonlyMap<string, RestMessage>,
): Promise<ChatMessage[]> => {
  const lastCalls = steps.findLastIndex(({ type }) => type === 'tool_calls');
  // Text that followed the calls of the last turn is shown before them: outputs have to come last.
  const [calls, text] = [steps.slice(lastCalls, lastCalls + 1), steps.slice(lastCalls + 1)];
  const chat: ChatMessage[] = [];
  for (const step of lastCalls === -1 ? steps : [...steps.slice(0, lastCalls), ...text, ...calls]) {
    const { step_details: details } = step;
    if (details.type === 'tool_calls') chat.push(...promptCallsOf(step, engineCalls));
    else {
      const message = own.get(details.message_creation.message_id);
      if (message?.status === 'completed') chat.push(await promptMessageOf(message, readImage));
    }
  }
  return chat;
};

const tokensOf = (messages: ChatMessage[]) =>
  messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0);

/** The messages with the calls of runs that wrote none, the newest of them first, as long as all fit into `budget`. */
const withSilentRuns = async (
  history: History,
  shown: readonly ShownMessage[],
  budget: number,
): Promise<ChatMessage[]> => {
  const chats = [...shown.map(({ chat }) => [...chat]), []];
  let left = budget - tokensOf(chats.flat());
  for (const { at, chat } of await history.callsWithoutMessages(shown)) {
    left -= tokensOf(chat);
    if (left < 0) break;
    chats[at]?.unshift(...chat);
  }
  return chats.flat();
};

/** Of `last_messages`; by default all. */
const mostMessages = ({ truncation_strategy: truncation }: RestRun): number =>
  (truncation?.type === 'last_messages' ? truncation.last_messages : undefined) ?? Number.POSITIVE_INFINITY;

/**
 * The prompt of the next turn: instructions, the thread with the calls of earlier runs, and the earlier turns of this run.
 * The oldest messages are omitted if they exceed `contextTokens`, what is left of `max_prompt_tokens`, or `last_messages`.
 * Undefined if `max_prompt_tokens` leaves too little even for the newest message.
 */
export const promptFor = async (
  reads: StoreReads,
  { run, progress }: RunRecord,
  options: PromptOptions,
): Promise<Prompt | undefined> => {
  const { steps, contextTokens, readImage } = options;
  const allowance =
    run.max_prompt_tokens === null ? Number.POSITIVE_INFINITY : run.max_prompt_tokens - progress.spent.prompt;
  const budget = Math.min(allowance, contextTokens);
  const system: ChatMessage[] = run.instructions === '' ? [] : [{ role: 'system', content: run.instructions }];
  const own = new Map<string, RestMessage>();
  const history = new History(reads, readImage, run);
  const shown: ShownMessage[] = [];
  let turns: ChatMessage[] | undefined;
  let used = tokensOf(system);
  for await (const message of history.newestFirst(mostMessages(run) + steps.length)) {
    // The thread is locked while a run is active, so the run's own messages are the newest.
    if (message.run_id === run.id) {
      own.set(message.id, message);
      continue;
    }
    if (turns === undefined) {
      turns = await ownTurns(options, own);
      used += tokensOf(turns);
    }
    const chat = await history.shownFor(message);
    used += tokensOf(chat);
    if (used > budget && shown.length > 0) break;
    shown.unshift({ message, chat });
    if (used > allowance) return undefined;
    if (shown.length >= mostMessages(run)) break;
  }
  turns ??= await ownTurns(options, own);
  const kept = await withSilentRuns(history, shown, budget - tokensOf([...system, ...turns]));
  const messages = withJoinedCalls([...system, ...kept, ...turns]);
  const tokens = tokensOf(messages);
  return tokens > allowance ? undefined : { messages, tokens };
};
