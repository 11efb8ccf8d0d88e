import type { RestClient } from './client.ts';
import type { Lane } from './fairQueue.ts';
import type { Waves } from './waves.ts';

/**
 * A client whose calls wait for their turn, and are counted by wave. A call's deadline starts once it is its turn: it is
 * the upstream's time that is measured, and a call that was never sent could not have been answered. Streams have
 * connections of their own, so they do not wait.
 */
export const inTurn = (client: RestClient, lane: Lane | undefined, waves: () => Waves): RestClient => {
  const call = async <T>(send: () => Promise<T>): Promise<T> => {
    const counted = waves();
    const wave = counted.begin();
    const turn = lane?.turn();
    const done = turn instanceof Promise ? await turn : turn;
    try {
      return await send();
    } finally {
      counted.end(wave);
      done?.();
    }
  };
  return {
    get: (path, answer, query) => call(() => client.get(path, answer, query)),
    post: (path, answer, body, query) => call(() => client.post(path, answer, body, query)),
    delete: (path, answer) => call(() => client.delete(path, answer)),
    stream: (path, decode, body, query) => client.stream(path, decode, body, query),
  };
};
