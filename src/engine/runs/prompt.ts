import type { RestMessage } from '../../wire/message.ts';
import type { RestRun } from '../../wire/run.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import type { ChatMessage, ChatPart } from '../models/model.ts';
import { estimateMessageTokens } from '../models/tokens.ts';
import type { RunRecord, StoreReads } from '../store/store.ts';

const partsOf = ({ content }: RestMessage): ChatPart[] =>
  content.map((part) => {
    switch (part.type) {
      case 'text':
        return { type: 'text', text: part.text.value };
      case 'refusal':
        return { type: 'text', text: part.refusal };
      case 'image_url':
        return { type: 'image_url', url: part.image_url.url, detail: part.image_url.detail };
      default: // The engine stores no files, so the prompt only mentions the image.
        return { type: 'text', text: `(an image, file ${part.image_file.file_id})` };
    }
  });

const imageInWords = (part: ChatPart): string => {
  if (part.type === 'text') return part.text;
  return part.type === 'image_url' ? `(an image at ${part.url})` : `(an image, ${part.mediaType})`;
};

const asChat = (message: RestMessage): ChatMessage => {
  const parts = partsOf(message);
  if (message.role === 'user') return { role: 'user', content: parts };
  const text = parts.map(imageInWords).join('\n');
  return { role: 'assistant', content: text, toolCalls: [] };
};

/** The earlier turns of the run: the model's messages, calls and their outputs. Text before calls is part of the same completion. */
const ownTurns = (steps: RestRunStep[], own: Map<string, RestMessage>): ChatMessage[] => {
  const chat: ChatMessage[] = [];
  for (const { step_details: details } of steps) {
    if (details.type === 'message_creation') {
      const message = own.get(details.message_creation.message_id);
      if (message !== undefined) chat.push(asChat(message));
      continue;
    }
    const calls = details.tool_calls.filter((call) => call.type === 'function');
    const toolCalls = calls.map(({ id, function: { name, arguments: written } }) => ({ id, name, arguments: written }));
    const last = chat.at(-1);
    if (last?.role === 'assistant' && last.toolCalls.length === 0) chat[chat.length - 1] = { ...last, toolCalls };
    else chat.push({ role: 'assistant', content: '', toolCalls });
    for (const call of calls) chat.push({ role: 'tool', toolCallId: call.id, content: call.function.output ?? '' });
  }
  return chat;
};

const tokensOf = (messages: ChatMessage[]) =>
  messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0);

/** Newest first, page by page, so that no more of a long thread is read than is needed. */
async function* newestFirst(reads: StoreReads, threadId: string): AsyncGenerator<RestMessage> {
  let after: string | undefined;
  do {
    const page = await reads.messages.list(threadId, { limit: 100, order: 'desc', after });
    yield* page.items;
    after = page.hasMore ? page.items.at(-1)?.id : undefined;
  } while (after !== undefined);
}

const maxMessages = ({ truncation_strategy: truncation }: RestRun): number =>
  (truncation?.type === 'last_messages' ? truncation.last_messages : undefined) ?? Number.POSITIVE_INFINITY;

/**
 * The prompt of the next turn: instructions, the thread, and the run's earlier turns (`steps`). The oldest messages are
 * omitted if they exceed `contextTokens`, the part of the run's `max_prompt_tokens` that is left, or `last_messages`.
 * Undefined if `max_prompt_tokens` leaves too little even for the newest message.
 */
export const promptFor = async (
  reads: StoreReads,
  { run, progress }: RunRecord,
  steps: RestRunStep[],
  contextTokens: number,
): Promise<ChatMessage[] | undefined> => {
  const allowance =
    run.max_prompt_tokens === null ? Number.POSITIVE_INFINITY : run.max_prompt_tokens - progress.usage.prompt_tokens;
  const budget = Math.min(allowance, contextTokens);
  const system: ChatMessage[] = run.instructions === '' ? [] : [{ role: 'system', content: run.instructions }];
  const own = new Map<string, RestMessage>();
  const history: ChatMessage[] = [];
  let turns: ChatMessage[] | undefined;
  let used = 0;
  for await (const message of newestFirst(reads, run.thread_id)) {
    // The thread is locked while a run is active, so the run's own messages are the newest.
    if (message.run_id === run.id) {
      own.set(message.id, message);
      continue;
    }
    turns ??= ownTurns(steps, own);
    const chat = asChat(message);
    if (history.length === 0) used = tokensOf([...system, ...turns]);
    used += estimateMessageTokens(chat);
    if (history.length >= maxMessages(run) || (used > budget && history.length > 0)) break;
    history.unshift(chat);
    if (used > allowance) return undefined;
  }
  turns ??= ownTurns(steps, own);
  const prompt = [...system, ...history, ...turns];
  return tokensOf(prompt) > allowance ? undefined : prompt;
};
