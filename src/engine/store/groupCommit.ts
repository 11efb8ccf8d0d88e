import { setImmediate as nextTurn } from 'node:timers/promises';

/** The statements of a transaction, on the one connection that writes. */
export interface TransactionControl {
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  savepoint(): Promise<void>;
  release(): Promise<void>;
  rollbackToSavepoint(): Promise<void>;
}

interface QueuedWrite<Session> {
  perform(session: Session): Promise<() => void>;
  reject(error: unknown): void;
}

/**
 * A queue of writes that commits together what waits together. A commit that survives a power cut costs a flush of the
 * disk, and that cost is the same for one write as for fifty. Each write stands in a savepoint of its own, so that one
 * that rejects takes none of its neighbours along, and none is answered before the commit.
 *
 * `inSession` runs a batch on the connection, and `committed` is told of each batch that was written.
 */
export const groupCommit = <Session>(
  inSession: (batch: (session: Session, control: TransactionControl) => Promise<void>) => Promise<void>,
  committed: (session: Session) => void,
) => {
  const queue: QueuedWrite<Session>[] = [];
  let draining: Promise<void> | undefined;

  const commitBatch = async (session: Session, control: TransactionControl) => {
    const batch = queue.splice(0);
    const settle: (() => void)[] = [];
    try {
      await control.begin();
      for (const write of batch) {
        await control.savepoint();
        try {
          settle.push(await write.perform(session));
          await control.release();
        } catch (error) {
          await control.rollbackToSavepoint();
          await control.release();
          settle.push(() => write.reject(error));
        }
      }
      await control.commit();
    } catch (error) {
      // The connection is only fit for the next batch outside a transaction; where none was begun, this is refused.
      await control.rollback().catch(() => undefined);
      for (const write of batch) write.reject(error);
      return;
    }
    for (const answer of settle) answer();
    committed(session);
  };

  const drain = async () => {
    while (queue.length > 0) {
      await nextTurn(); // Whatever else this turn of the event loop brings can come along.
      await inSession(commitBatch).catch((error: unknown) => {
        for (const write of queue.splice(0)) write.reject(error);
      });
    }
    draining = undefined;
  };

  return {
    write: <Result>(work: (session: Session) => Promise<Result>): Promise<Result> =>
      new Promise((resolve, reject) => {
        queue.push({
          perform: async (session) => {
            const result = await work(session);
            return () => resolve(result);
          },
          reject,
        });
        draining ??= drain();
      }),
    /** Resolves once nothing waits any more. */
    idle: async (): Promise<void> => {
      await draining;
    },
  };
};
