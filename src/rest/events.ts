import { createParser } from 'eventsource-parser';

/** A server-sent event. */
export interface ServerSentEvent {
  readonly event: string | undefined;
  readonly data: string;
  readonly id: string | undefined;
}

/** Parses an event of a stream; undefined if it is ignored. Throws the error that `invalid` makes. */
export type DecodeEvent<T> = (event: ServerSentEvent, invalid: (problem: string) => Error) => T | undefined;

/** Characters of one event. The largest, a message with all its text, are far smaller. */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Parses a `text/event-stream` piece by piece and returns the events that each piece completes. Lines that are not
 * fields, such as the literal `...` of some servers, are ignored. Throws the error that `tooLarge` makes if an event
 * exceeds 16 MiB.
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
