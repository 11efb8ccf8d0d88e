import { imageUrlOf } from '../endpoint/imageUrl.ts';
import type { ChatMessage, ChatPart } from '../model.ts';

const partOf = (part: ChatPart) =>
  part.type === 'text'
    ? { type: 'input_text', text: part.text }
    : { type: 'input_image', image_url: imageUrlOf(part), detail: part.detail ?? 'auto' };

/** One message as input items. They have no ids, since nothing is stored at the endpoint. */
const itemsOf = (message: ChatMessage): object[] => {
  switch (message.role) {
    case 'system':
      return [{ type: 'message', role: 'system', content: message.content }];
    case 'user':
      return [{ type: 'message', role: 'user', content: message.content.map(partOf) }];
    case 'tool':
      return [{ type: 'function_call_output', call_id: message.toolCallId, output: message.content }];
    default: {
      const text = message.content === '' ? [] : [{ type: 'message', role: 'assistant', content: message.content }];
      const calls = message.toolCalls.map(({ id, name, arguments: written }) => ({
        type: 'function_call',
        call_id: id,
        name,
        arguments: written,
      }));
      return [...text, ...calls];
    }
  }
};

/** The messages as `instructions`, which is the first one if it is a system message, and `input`. */
export const responseInputOf = (messages: readonly ChatMessage[]) => {
  const [first, ...rest] = messages;
  return first?.role === 'system'
    ? { instructions: first.content, input: rest.flatMap(itemsOf) }
    : { instructions: undefined, input: messages.flatMap(itemsOf) };
};
