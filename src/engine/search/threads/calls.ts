import type { MessagePort, TransferListItem, Worker } from 'node:worker_threads';
import { IngestionError, type IngestionErrorCode } from '../../ingestion/ingestionError.ts';
import { StoreBusyError } from '../../store/busy.ts';
import { StoreUnreachableError } from '../../store/unreachable.ts';

/** What a thread can be asked for: each method takes one argument. */
export type ThreadMethods<Self> = { [Name in keyof Self]: (argument: never) => unknown };

interface Call {
  id: number;
  method: string;
  argument: unknown;
}

interface Outcome {
  id: number;
  result?: unknown;
  error?: { message: string; code?: IngestionErrorCode; isUnreachable?: boolean; isBusy?: boolean };
}

/** Runs the methods for the calls that come in through `port`. Calls run at the same time; their order is that of the methods. */
export const serveCalls = <Methods extends ThreadMethods<Methods>>(port: MessagePort, methods: Methods): void => {
  const named = new Map(Object.entries<(argument: never) => unknown>(methods));
  const outcomeOf = async ({ id, method, argument }: Call): Promise<Outcome> => {
    try {
      return { id, result: await named.get(method)?.(argument as never) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = error instanceof IngestionError ? { code: error.code } : {};
      return {
        id,
        error: {
          message,
          ...code,
          isUnreachable: error instanceof StoreUnreachableError,
          isBusy: error instanceof StoreBusyError,
        },
      };
    }
  };
  port.on('message', (call: Call) => {
    outcomeOf(call).then(
      (outcome) => port.postMessage(outcome),
      () => undefined,
    );
  });
};

/** The thread ended before it had responded. */
export class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError';
}

const errorOf = ({ message, code, isUnreachable, isBusy }: NonNullable<Outcome['error']>): Error => {
  if (isUnreachable === true) return new StoreUnreachableError();
  if (isBusy === true) return new StoreBusyError();
  return code === undefined ? new Error(message) : new IngestionError(code, message);
};

/**
 * Calls the methods of a thread. A call rejects with `IngestionError`, `StoreUnreachableError` or `StoreBusyError` if the method did, and with
 * `ThreadEndedError`.
 */
export const threadCalls = <Methods extends ThreadMethods<Methods>>(worker: Worker) => {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let latest = 0;
  let ended: Error | undefined;
  const end = (error: Error) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', ({ id, result, error }: Outcome) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (error === undefined) call?.resolve(result);
    else call?.reject(errorOf(error));
  });
  worker.on('error', (error: unknown) =>
    end(new ThreadEndedError(error instanceof Error ? error.message : String(error))),
  );
  worker.on('exit', () => end(new ThreadEndedError('the thread has ended')));
  worker.unref();

  return {
    call: <Name extends keyof Methods & string>(
      method: Name,
      argument: Parameters<Methods[Name]>[0],
      transfer: readonly TransferListItem[] = [],
    ): Promise<Awaited<ReturnType<Methods[Name]>>> =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        latest += 1;
        waiting.set(latest, { resolve: (result) => resolve(result as Awaited<ReturnType<Methods[Name]>>), reject });
        worker.ref();
        worker.postMessage({ id: latest, method, argument } satisfies Call, [...transfer]);
      }),
    hasEnded: () => ended !== undefined,
  };
};
