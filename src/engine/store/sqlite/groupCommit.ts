import { setImmediate as nextTurn } from 'node:timers/promises';

/** The transaction statements of the one connection that writes. */
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
 * A group commit: a queue of writes whose waiting entries share one commit. A durable commit costs one flush of the disk,
 * however many writes it contains. Each write has a savepoint of its own, so that a write that rejects does not affect the
 * others, and none resolves before the commit.
 *
 * `inSession` runs a batch on the connection, and `committed` is called after each commit.
 */
export const groupCommit = <Session>(
  inSession: (batch: (session: Session, control: TransactionControl) => Promise<void>) => Promise<void>,
  committed: (session: Session) => void,
) => {
  const queue: QueuedWrite<Session>[] = [];
  let isCommitting = false;
  let draining: Promise<void> | undefined;

  /** Each write in a savepoint of its own. */
  const performEach = async (batch: QueuedWrite<Session>[], session: Session, control: TransactionControl) => {
    const settle: (() => void)[] = [];
    for (const write of batch) {
      await control.savepoint();
      try {
        settle.push(await write.perform(session));
        await control.release();
      } catch (error) {
        await control
          .rollbackToSavepoint()
          .then(() => control.release())
          .catch(() => {
            throw error; // After some errors SQLite has ended the transaction itself, and there is no savepoint any more.
          });
        settle.push(() => write.reject(error));
      }
    }
    return settle;
  };

  const commitBatch = async (session: Session, control: TransactionControl) => {
    isCommitting = true;
    const batch = queue.splice(0);
    const [only, ...others] = batch;
    let settle: (() => void)[];
    try {
      await control.begin();
      // A write that is alone needs no savepoint: if it rejects, there is nothing to commit.
      settle =
        only !== undefined && others.length === 0
          ? [await only.perform(session)]
          : await performEach(batch, session, control);
      await control.commit();
    } catch (error) {
      // The next batch needs a connection without an open transaction. If `begin` failed, this fails too.
      await control.rollback().catch(() => undefined);
      for (const write of batch) write.reject(error);
      return;
    } finally {
      isCommitting = false;
    }
    for (const settleWrite of settle) settleWrite();
    committed(session);
  };

  const drain = async () => {
    while (queue.length > 0) {
      await nextTurn(); // Writes of the same turn of the event loop join this batch.
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
    /** Whether a batch is being performed or committed: what is read on its connection may not be durable. */
    isCommitting: (): boolean => isCommitting,
    /** Resolves when the queue is empty. */
    idle: async (): Promise<void> => {
      await draining;
    },
  };
};
