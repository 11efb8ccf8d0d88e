import type { EventTexts } from './engineRequest.ts';

/** A stream of events as the body of a response of the Fetch standard. Nothing is read ahead. */
export const eventBody = (events: EventTexts): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const text = await events.next();
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel: () => events.close(),
    },
    { highWaterMark: 0 },
  );
};
