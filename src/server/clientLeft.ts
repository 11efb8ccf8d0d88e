import type { ServerResponse } from 'node:http';
import { inLaterTurn, RESOLVER_WORK } from '../turns.ts';

/** What it costs to end what was started for one client, as work of a turn. */
const END_WORK = 20 * RESOLVER_WORK;

/**
 * Ends something in a later turn of the event loop, together with few others: a thousand clients may leave at the same moment. Resolves
 * as `end` does.
 */
export const endedLater = <Result>(end: () => Promise<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    inLaterTurn(() => {
      end().then(resolve, reject);
      return END_WORK;
    });
  });

/**
 * Calls `left` in a later turn if the client leaves before it has the whole response.
 */
export const onClientLeft = (response: ServerResponse, left: () => void): void => {
  response.once('close', () => {
    if (response.writableFinished) return;
    inLaterTurn(() => {
      left();
      return END_WORK;
    });
  });
};
