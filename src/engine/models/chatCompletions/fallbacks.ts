import type { Fallback } from '../endpoint/fallbacks.ts';
import { isObject } from '../endpoint/json.ts';
import type { MaxTokensParameter } from './body.ts';

const has = (name: string) => (body: Readonly<Record<string, unknown>>) => body[name] !== undefined;

const leftOut = (name: string, instead: string): Fallback => ({ name, isUsed: has(name), instead });

const format = (type: 'json_object' | 'json_schema', instead: string): Fallback => ({
  name: type,
  isUsed: ({ response_format: asked }) => isObject(asked) && asked['type'] === type,
  words: new RegExp(`response_format|${type}`, 'i'),
  instead,
});

const usesStrict = ({ tools }: Readonly<Record<string, unknown>>) =>
  Array.isArray(tools) && JSON.stringify(tools).includes('"strict":');

const otherLimit = (name: MaxTokensParameter, instead: string): Fallback => ({ name, isUsed: has(name), instead });

/**
 * What endpoints are known to reject, and what is sent to them instead. Sources: opencode#31156 (stream_options),
 * opencode#37964 (max_tokens), defog#171 (parallel_tool_calls), lmstudio-bug-tracker#189 (json_object), openclaude#1371 and
 * ollama#12561 (reasoning_effort), zed#36094 (tool_choice).
 */
export const chatFallbacks: readonly Fallback[] = [
  leftOut('stream_options', 'it is left out, and usage is unknown unless the endpoint sends it unasked,'),
  leftOut('parallel_tool_calls', 'it is left out, and of several calls the first one counts,'),
  otherLimit('max_completion_tokens', 'max_tokens is sent'),
  otherLimit('max_tokens', 'max_completion_tokens is sent'),
  format('json_object', 'a JSON schema for any object is sent, and JSON is asked for in the instructions,'),
  format('json_schema', 'a JSON object is asked for, with the schema in the instructions,'),
  leftOut('response_format', 'the format is asked for in the instructions'),
  {
    ...leftOut('reasoning_effort', 'it is left out'),
    words: /reasoning_?effort|does not support thinking|think value/i,
  },
  leftOut('temperature', 'it is left out'),
  leftOut('top_p', 'it is left out'),
  leftOut('tool_choice', 'it is left out'),
  { name: 'strict', isUsed: usesStrict, instead: 'it is left out of functions' },
];
