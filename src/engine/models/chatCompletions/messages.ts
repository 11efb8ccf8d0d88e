import { imageUrlOf } from '../endpoint/imageUrl.ts';
import type { ChatMessage, ChatPart } from '../model.ts';

const partOf = (part: ChatPart) =>
  part.type === 'text'
    ? part
    : {
        type: 'image_url',
        image_url: { url: imageUrlOf(part), ...(part.detail !== undefined && { detail: part.detail }) },
      };

/** Text alone goes as a string, since many servers take parts only of models that see images. */
const contentOf = (parts: ChatPart[]) =>
  parts.every((part) => part.type === 'text') ? parts.map(({ text }) => text).join('\n') : parts.map(partOf);

/** A message as Chat Completions has it. `arguments` is always a string, and `content` is null for calls without text. */
export const chatMessageOf = (message: ChatMessage) => {
  switch (message.role) {
    case 'system':
      return message;
    case 'user':
      return { role: 'user', content: contentOf(message.content) };
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
    default: {
      if (message.toolCalls.length === 0) return { role: 'assistant', content: message.content };
      const calls = message.toolCalls.map(({ id, name, arguments: written }) => ({
        id,
        type: 'function',
        function: { name, arguments: written },
      }));
      return { role: 'assistant', content: message.content === '' ? null : message.content, tool_calls: calls };
    }
  }
};
