import { done, events, type Play, streamed } from './rawServer.ts';

/** One chunk of Chat Completions. */
export const chunk = (value: object, finish: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: value, finish_reason: finish }],
});

export const textChunk = (content: string) => chunk({ content });

/** A whole function call, as it comes in pieces: the name first, then the arguments. */
export const callChunks = (index: number, name: string, args: string) => [
  chunk({ tool_calls: [{ index, id: `m${index}`, type: 'function', function: { name, arguments: '' } }] }),
  chunk({ tool_calls: [{ index, function: { arguments: args } }] }),
];

export const usageChunk = (prompt: number, completion: number, cached?: number) => ({
  choices: [],
  usage: {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
  },
});

/** A streamed completion; `usage` goes into a last chunk. */
export const completionText = (chunks: object[], finish: string, usage?: object): string =>
  events(...chunks, chunk({}, finish), ...(usage ? [usage] : [])) + done;

export const completion = (...parts: Parameters<typeof completionText>): Play => streamed(completionText(...parts));
