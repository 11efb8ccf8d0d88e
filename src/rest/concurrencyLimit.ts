import type { RestClient } from './client.ts';
import type { ClientQueue } from './fairQueue.ts';
import type { RoundTrips } from './roundTrips.ts';

/**
 * A client whose calls wait in the queue, and are counted by round trip. A call's timeout starts when it leaves the queue:
 * it limits the upstream's time. Streams have connections of their own and do not wait.
 */
export const withConcurrencyLimit = (
  client: RestClient,
  queue: ClientQueue | undefined,
  roundTrips: () => RoundTrips,
): RestClient => {
  const limited = async <T>(send: () => Promise<T>): Promise<T> => {
    const counted = roundTrips();
    const roundTrip = counted.begin();
    const slot = queue?.acquire();
    const release = slot instanceof Promise ? await slot : slot;
    try {
      return await send();
    } finally {
      counted.end(roundTrip);
      release?.();
    }
  };
  return {
    get: (path, parse, query) => limited(() => client.get(path, parse, query)),
    post: (path, parse, body, query) => limited(() => client.post(path, parse, body, query)),
    delete: (path, parse) => limited(() => client.delete(path, parse)),
    stream: (path, decode, body, query) => client.stream(path, decode, body, query),
  };
};
