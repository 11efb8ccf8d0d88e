import type { Fallback } from '../endpoint/fallbacks.ts';
import { isObject } from '../endpoint/json.ts';

const leftOut = (name: string, instead = 'it is left out'): Fallback => ({
  name,
  isUsed: (body) => body[name] !== undefined,
  instead,
});

/** What endpoints other than OpenAI, and models without sampling or reasoning, reject. */
export const responseFallbacks: readonly Fallback[] = [
  leftOut('parallel_tool_calls', 'it is left out, and of several calls the first one counts,'),
  {
    name: 'text.format',
    isUsed: ({ text }) => isObject(text) && text['format'] !== undefined,
    words: /text\.format|json_schema|json_object/i,
    instead: 'the format is asked for in the instructions',
  },
  leftOut('temperature'),
  leftOut('top_p'),
  leftOut('tool_choice'),
  leftOut('max_output_tokens', 'it is left out, so completions may be longer than allowed,'),
  leftOut('store', 'it is left out, so the endpoint may keep the responses,'),
  leftOut('include', 'it is left out, so results of hosted tools are unknown,'),
  leftOut('reasoning'),
];
