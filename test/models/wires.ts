import type { ChatDelta } from '../../src/engine/models/delta.ts';
import type { Wire } from './endpointOver.ts';

const chunk = (delta: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});

/** The chunks of Chat Completions. */
export const chatWire = (): Wire => {
  let usage: object | undefined;
  return {
    eventsOf: (delta) => {
      switch (delta.type) {
        case 'text':
          return [chunk({ content: delta.text })];
        case 'tool_call':
          return [
            chunk({
              tool_calls: [
                {
                  index: delta.index,
                  id: `c${delta.index}`,
                  type: 'function',
                  function: { name: delta.name, arguments: '' },
                },
              ],
            }),
          ];
        case 'arguments':
          return [chunk({ tool_calls: [{ index: delta.index, function: { arguments: delta.arguments } }] })];
        case 'usage':
          usage = { prompt_tokens: delta.promptTokens, completion_tokens: delta.completionTokens };
          return [];
        case 'finish':
          return [chunk({}, delta.reason), { choices: [], usage }];
        default:
          return [];
      }
    },
    errorOf: ({ code, message }) => ({ error: { code, message } }),
  };
};

/** The events of Responses. */
export const responsesWire = (): Wire => {
  let usage: object | undefined;
  let items = 0;
  let isWriting = false;
  const places = new Map<number, number>();
  const begin = (item: object) => ({ type: 'response.output_item.added', output_index: items++, item });
  const text = (delta: Extract<ChatDelta, { type: 'text' }>) => {
    const opened = isWriting ? [] : [begin({ type: 'message', content: [] })];
    isWriting = true;
    return [...opened, { type: 'response.output_text.delta', output_index: items - 1, delta: delta.text }];
  };
  return {
    eventsOf: (delta) => {
      switch (delta.type) {
        case 'text':
          return text(delta);
        case 'tool_call':
          places.set(delta.index, items);
          return [begin({ type: 'function_call', name: delta.name, call_id: `c${delta.index}`, arguments: '' })];
        case 'arguments':
          return [
            {
              type: 'response.function_call_arguments.delta',
              output_index: places.get(delta.index),
              delta: delta.arguments,
            },
          ];
        case 'usage':
          usage = { input_tokens: delta.promptTokens, output_tokens: delta.completionTokens };
          return [];
        case 'finish': {
          const status = delta.reason === 'length' ? 'incomplete' : 'completed';
          const response = { status, incomplete_details: { reason: 'max_output_tokens' }, output: [], usage };
          return [{ type: `response.${status}`, response }];
        }
        default:
          return [];
      }
    },
    errorOf: ({ code, message }) => ({ type: 'error', error: { code, message } }),
  };
};
