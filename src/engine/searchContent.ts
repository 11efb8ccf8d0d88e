import type { RestRunStep, RestToolCall } from '../wire/runStep.ts';
import type { StoredRunEvent } from './store/access/events.ts';

const withoutContent = (call: RestToolCall): RestToolCall => {
  if (call.type !== 'file_search' || call.file_search.results === undefined) return call;
  const results = call.file_search.results.map(({ content: _content, ...rest }) => rest);
  return { ...call, file_search: { ...call.file_search, results } };
};

/** The step without the texts that file searches found. Clients get these only if they ask for them with `include[]`. */
export const withoutSearchContent = (step: RestRunStep): RestRunStep =>
  step.step_details.type === 'tool_calls'
    ? {
        ...step,
        step_details: { type: 'tool_calls', tool_calls: step.step_details.tool_calls.map(withoutContent) },
      }
    : step;

interface StepDelta {
  delta: { step_details: { tool_calls: RestToolCall[] } };
}

/** The event without the texts that file searches found. */
export const eventWithoutSearchContent = (event: StoredRunEvent): StoredRunEvent => {
  // Most events are not about a search: they are not parsed.
  if (!event.event.startsWith('thread.run.step.') || !event.json.includes('"file_search"')) return event;
  if (event.event !== 'thread.run.step.delta') {
    return { ...event, json: JSON.stringify(withoutSearchContent(JSON.parse(event.json) as RestRunStep)) };
  }
  const data = JSON.parse(event.json) as StepDelta;
  const calls = data.delta.step_details.tool_calls.map(withoutContent);
  const delta = { step_details: { ...data.delta.step_details, tool_calls: calls } };
  return { ...event, json: JSON.stringify({ ...data, delta }) };
};
