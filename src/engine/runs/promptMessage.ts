import type { RestImageDetail, RestMessage } from '../../wire/message.ts';
import type { RestRunStep, RestToolCall } from '../../wire/runStep.ts';
import type { ChatMessage, ChatPart, ChatToolCall } from '../models/model.ts';
import { partText } from '../models/partText.ts';
import type { EngineCall } from '../store/access/engineCalls.ts';

/** An image file that clients uploaded. `mediaType` such as `image/png`. */
export interface ImageBytes {
  bytes: Uint8Array;
  mediaType: string;
}

/** Reads an image file by its id, for a message of the thread; undefined if its owner has none. */
export type ReadImage = (fileId: string, threadId: string) => Promise<ImageBytes | undefined>;

const imagePart = async (
  { file_id: fileId, detail }: { file_id: string; detail?: RestImageDetail | undefined },
  read: (fileId: string) => Promise<ImageBytes | undefined>,
): Promise<ChatPart> => {
  const image = await read(fileId);
  if (image === undefined) return { type: 'text', text: `(an image, file ${fileId})` };
  return { type: 'image_bytes', ...image, detail };
};

const partsOf = async (
  { content, role, thread_id: threadId }: RestMessage,
  readImage: ReadImage,
): Promise<ChatPart[]> => {
  const parts = await Promise.all(
    content.map(async (part): Promise<ChatPart[]> => {
      switch (part.type) {
        case 'text':
          return [{ type: 'text', text: part.text.value }];
        case 'refusal':
          return [{ type: 'text', text: part.refusal }];
        case 'image_url':
          return [{ type: 'image_url', url: part.image_url.url, detail: part.image_url.detail }];
        case 'image_file':
          // Of other messages, the model only gets words.
          return [
            await imagePart(part.image_file, async (id) => (role === 'user' ? readImage(id, threadId) : undefined)),
          ];
        default:
          return []; // Of an imported message, from a server that has more types.
      }
    }),
  );
  return parts.flat();
};

/** A message of the thread as the model gets it. Models take images from users only. */
export const promptMessageOf = async (message: RestMessage, readImage: ReadImage): Promise<ChatMessage> => {
  const parts = await partsOf(message, readImage);
  if (message.role === 'user') return { role: 'user', content: parts };
  return { role: 'assistant', content: parts.map(partText).join('\n'), toolCalls: [] };
};

const withOutput = (
  call: RestToolCall,
  own: readonly EngineCall[],
): (ChatToolCall & { output: string }) | undefined => {
  const { id } = call;
  if (call.type === 'function') {
    const { name, arguments: written, output } = call.function;
    return { id, name, arguments: written, output: output ?? '' };
  }
  const found = own.find((each) => each.id === id);
  return found && { id, name: found.name, arguments: found.arguments, output: found.output ?? '' };
};

/**
 * The calls of a step that have outputs, and the outputs. `own` are the run's calls of the engine's own tools. Tools that
 * the endpoint hosts leave nothing that could be sent back.
 */
export const promptCallsOf = (
  { status, step_details: details }: RestRunStep,
  own: readonly EngineCall[],
): ChatMessage[] => {
  if (status !== 'completed' || details.type !== 'tool_calls') return [];
  const calls = details.tool_calls.flatMap((call) => withOutput(call, own) ?? []);
  if (calls.length === 0) return [];
  return [
    { role: 'assistant', content: '', toolCalls: calls.map(({ output: _output, ...call }) => call) },
    ...calls.map(({ id, output }) => ({ role: 'tool' as const, toolCallId: id, content: output })),
  ];
};

/** The same messages, with text and the calls that follow it as one message, which they were in the completion. */
export const withJoinedCalls = (messages: readonly ChatMessage[]): ChatMessage[] => {
  const joined: ChatMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const isCall = message.role === 'assistant' && message.toolCalls.length > 0 && message.content === '';
    if (isCall && last?.role === 'assistant' && last.toolCalls.length === 0) {
      joined[joined.length - 1] = { ...last, toolCalls: message.toolCalls };
    } else joined.push(message);
  }
  return joined;
};
