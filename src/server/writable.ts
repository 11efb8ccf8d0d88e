import type { ServerResponse } from 'node:http';

/** Resolves once more can be written to a response, or once it is closed. */
export const writable = (outgoing: ServerResponse) =>
  new Promise<void>((resolve) => {
    if (outgoing.destroyed) {
      resolve();
      return;
    }
    const done = () => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.on('drain', done).on('close', done);
  });
