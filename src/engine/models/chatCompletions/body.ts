import { jsonInstruction } from '../endpoint/jsonInstruction.ts';
import type { ChatRequest, ChatTool } from '../model.ts';
import { chatMessageOf } from './messages.ts';

export type MaxTokensParameter = 'max_completion_tokens' | 'max_tokens';

const toolOf = ({ name, description, parameters, strict }: ChatTool, takesStrict: boolean) => ({
  type: 'function',
  function: { name, description, parameters, strict: takesStrict ? (strict ?? undefined) : undefined },
});

const otherMaxTokens = { max_completion_tokens: 'max_tokens', max_tokens: 'max_completion_tokens' } as const;

/** What the request asks for as a format, and what has to be asked for in words. */
const formatOf = ({ responseFormat: format }: ChatRequest, lacks: (name: string) => boolean) => {
  if (format === 'auto' || format.type === 'text') return {};
  if (lacks('response_format') || (lacks('json_object') && lacks('json_schema')))
    return { inWords: jsonInstruction(format) };
  if (format.type === 'json_object' && lacks('json_object')) {
    const schema = { name: 'object', schema: { type: 'object' } };
    return { parameter: { type: 'json_schema', json_schema: schema }, inWords: jsonInstruction(format) };
  }
  if (format.type === 'json_schema' && lacks('json_schema')) {
    return { parameter: { type: 'json_object' }, inWords: jsonInstruction(format) };
  }
  return { parameter: format };
};

const messagesOf = ({ messages }: ChatRequest, inWords: string | undefined) => {
  const [first, ...rest] = messages;
  if (inWords === undefined) return messages.map(chatMessageOf);
  // Some models take one system message only.
  return first?.role === 'system'
    ? [{ role: 'system', content: `${first.content}\n\n${inWords}` }, ...rest.map(chatMessageOf)]
    : [{ role: 'system', content: inWords }, ...messages.map(chatMessageOf)];
};

const toolsOf = ({ tools, toolChoice, parallelToolCalls }: ChatRequest, lacks: (name: string) => boolean) => {
  if (tools.length === 0) return {};
  const isNamed = typeof toolChoice === 'object';
  const choice = isNamed && toolChoice.type !== 'function' ? 'auto' : toolChoice;
  return {
    tools: tools.map((tool) => toolOf(tool, !lacks('strict'))),
    // What is the default anyway is not sent: some servers reject `auto`, others the whole parameter.
    tool_choice: choice === 'auto' || lacks('tool_choice') ? undefined : choice,
    parallel_tool_calls: parallelToolCalls || lacks('parallel_tool_calls') ? undefined : false,
  };
};

/**
 * The body of `POST /chat/completions`, without what `fallbacks` names (see `chatFallbacks`). Members that are undefined
 * are not sent.
 */
export const chatBodyOf = (
  request: ChatRequest,
  model: string,
  fallbacks: ReadonlySet<string>,
  maxTokens: MaxTokensParameter,
) => {
  const lacks = (name: string) => fallbacks.has(name);
  const format = formatOf(request, lacks);
  const limit = lacks(maxTokens) ? otherMaxTokens[maxTokens] : maxTokens;
  const unlessLacking = <T>(name: string, value: T | null) => (value === null || lacks(name) ? undefined : value);
  return {
    model,
    messages: messagesOf(request, format.inWords),
    stream: true,
    stream_options: lacks('stream_options') ? undefined : { include_usage: true },
    ...toolsOf(request, lacks),
    response_format: format.parameter,
    temperature: unlessLacking('temperature', request.temperature),
    top_p: unlessLacking('top_p', request.topP),
    reasoning_effort: unlessLacking('reasoning_effort', request.reasoningEffort),
    [limit]: lacks(otherMaxTokens[maxTokens]) ? undefined : unlessLacking('', request.maxTokens),
  };
};
