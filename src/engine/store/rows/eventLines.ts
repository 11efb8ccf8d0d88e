import type { NewRunEvent, StoredRunEvent } from '../access/events.ts';

/** Two lines for each event: its name, and its data as JSON, which has no line breaks. */
export const eventLinesOf = (events: readonly StoredRunEvent[]): string =>
  events.map(({ event, json }) => `${event}\n${json}`).join('\n');

/** The events in such lines, the last of which has the number `last`. */
export const eventsInLines = (lines: string, last: number): StoredRunEvent[] => {
  const parts = lines.split('\n');
  const count = parts.length / 2;
  return Array.from({ length: count }, (_, index) => ({
    sequence: last - count + 1 + index,
    event: parts[2 * index] ?? '',
    json: parts[2 * index + 1] ?? '',
  }));
};

/** The events as they are stored. Consecutive events often have the same object, which is serialized once. */
export const storedEvents = (events: readonly NewRunEvent[], first: number): StoredRunEvent[] => {
  let data: unknown;
  let json = '';
  return events.map((each, index) => {
    if (each.data !== data) {
      ({ data } = each);
      json = JSON.stringify(data);
    }
    return { sequence: first + index, event: each.event, json };
  });
};
