import { createParser } from 'eventsource-parser';

/** A server-sent event. */
export interface ServerSentEvent {
  readonly event: string | undefined;
  readonly data: string;
  readonly id: string | undefined;
}

/** Makes an event of a stream what it is; undefined for one that is passed over. Throws what `invalid` makes. */
export type Decode<T> = (event: ServerSentEvent, invalid: (problem: string) => Error) => T | undefined;

/** Characters of one event. The largest, a message with all its texts, stay far below. */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Takes the pieces of a `text/event-stream` as they come, and gives the events that each completes. Lines that are no
 * field, such as the literal `...` of some servers, are passed over. Throws what `tooLarge` makes once an event is.
 */
export const eventReader = (tooLarge: () => Error): ((chunk: Uint8Array) => ServerSentEvent[]) => {
  const decoder = new TextDecoder();
  let events: ServerSentEvent[] = [];
  let failed = false;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_LENGTH,
    onEvent: ({ event, data, id }) => events.push({ event, data, id }),
    onError: ({ type }) => {
      failed ||= type === 'max-buffer-size-exceeded';
    },
  });
  return (chunk) => {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (failed) throw tooLarge();
    const complete = events;
    events = [];
    return complete;
  };
};
