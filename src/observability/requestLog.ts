import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context/context.ts';
import type { Log } from './log.ts';

/** What is told of an operation that was executed. */
export interface Executed {
  /** As `nameIn` tells it. */
  readonly name: string;
  /** By `performance.now()`. */
  readonly started: number;
  readonly upstreamCalls: number;
  /** How many errors it had. */
  readonly errors: number;
  /** Of a subscription: how many results it gave. */
  readonly events?: number;
}

/** What an operation is called in the log: by its own name, since most clients send no other with it. */
export const nameIn = (document: DocumentNode, operationName: string | null | undefined): string =>
  getOperationAST(document, operationName)?.name?.value ?? 'anonymous';

/** The request log: a line for each operation, once it is over. */
export const logRequest = (log: Log, { name, started, upstreamCalls, errors, events }: Executed) =>
  log.info('graphql', {
    operation: name,
    ms: Math.round(performance.now() - started),
    upstreamCalls,
    errors,
    events,
  });

/** Logs what yoga executes. A subscription is over when it has ended or its client has left it. */
export const logRequests = (log: Log): Plugin<Context> => ({
  onExecute: ({ args: { document, operationName, contextValue } }) => {
    const started = performance.now();
    const name = nameIn(document, operationName);
    return {
      onExecuteDone: ({ result }) => {
        logRequest(log, { name, started, upstreamCalls: contextValue.cost.calls, errors: errorsIn(result) });
      },
    };
  },
  onSubscribe: ({ args: { document, operationName, contextValue } }) => {
    const started = performance.now();
    const name = nameIn(document, operationName);
    let [upstreamCalls, errors, events, isOver] = [0, 0, 0, false];
    // Of one that fails yoga tells both the error and the end.
    const over = () => {
      if (!isOver) logRequest(log, { name, started, upstreamCalls, errors, events });
      isOver = true;
    };
    return {
      onSubscribeResult: ({ result }) => {
        upstreamCalls += contextValue.cost.calls;
        errors += errorsIn(result);
        if (!(Symbol.asyncIterator in result)) return over();
        return {
          onNext: ({ result: event }) => {
            // Each event has a cost of its own.
            upstreamCalls += contextValue.cost.calls;
            errors += errorsIn(event);
            events += 1;
          },
          onEnd: over,
        };
      },
      onSubscribeError: () => {
        errors += 1;
        over();
      },
    };
  },
});

const errorsIn = (result: object): number =>
  'errors' in result && Array.isArray(result.errors) ? result.errors.length : 0;
