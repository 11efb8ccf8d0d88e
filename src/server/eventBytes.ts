import type { EventTexts } from '../engine/engineRequest.ts';

/** A stream of events as the body of a response in this process. It can be cancelled at once. */
export const eventBytes = (events: EventTexts): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => ({
    next: async () => {
      const text = await events.next();
      return text === undefined ? { done: true, value: undefined } : { done: false, value: Buffer.from(text) };
    },
    return: () => {
      events.close();
      return Promise.resolve({ done: true, value: undefined });
    },
  }),
});
