import type { ChatMessage } from './model.ts';

/** An estimate that needs no vocabulary counts one token for each four UTF-16 units begun. */
export const unitsPerToken = 4;

/** What each message costs in addition to its text. */
const perMessage = 4;
/** What an image costs, whatever its size. */
const perImage = 255;

/** How many tokens a text is thought to be. The same text always costs the same. */
export const estimateTokens = (text: string): number => Math.ceil(text.length / unitsPerToken);

/** The estimate for one message of a prompt. */
export const estimateMessageTokens = (message: ChatMessage): number => {
  if (message.role === 'user') {
    return message.content.reduce(
      (sum, part) => sum + (part.type === 'text' ? estimateTokens(part.text) : perImage),
      perMessage,
    );
  }
  const calls = message.role === 'assistant' ? message.toolCalls : [];
  return calls.reduce(
    (sum, call) => sum + estimateTokens(call.name) + estimateTokens(call.arguments),
    perMessage + estimateTokens(message.content),
  );
};
