import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestAssistant } from '../wire/assistant.ts';
import type { RestMessage } from '../wire/message.ts';
import type { RestRun } from '../wire/run.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import { assistantKind } from './assistant.ts';
import { type Collection, collection, type Kind } from './collection.ts';
import type { Economy } from './economy.ts';
import { type MessageKey, messageKind, type MessageList } from './message.ts';
import { plainCollection } from './plain.ts';
import { type RunKey, runKind } from './run.ts';
import { type RunStepKey, runStepKind, type RunStepList } from './runStep.ts';
import { plainThreadLoader, threadLoader } from './thread.ts';

/**
 * The loaders of one request: made anew for each, so that one caller's answers never reach another. They hold what the
 * request has read until it ends: at most a page of a hundred objects for each REST call that it may make. Without an
 * economy every question is a call of its own, and nothing is held. Each is made when it is first asked: most requests
 * need one or two of them.
 */
class RequestLoaders {
  readonly #rest: Rest;
  readonly #economy: Economy | undefined;
  #assistants: Collection<string, null, Received<RestAssistant>> | undefined;
  #threads: ReturnType<typeof threadLoader> | undefined;
  #messages: Collection<MessageKey, MessageList, Received<RestMessage>> | undefined;
  #runs: Collection<RunKey, string, Received<RestRun>> | undefined;
  #runSteps: Collection<RunStepKey, RunStepList, Received<RestRunStep>> | undefined;

  constructor(rest: Rest, economy: Economy | undefined) {
    this.#rest = rest;
    this.#economy = economy;
  }

  get assistants() {
    return (this.#assistants ??= this.#collect(assistantKind(this.#rest)));
  }

  get threads() {
    return (this.#threads ??= this.#makeThreads());
  }

  get messages() {
    return (this.#messages ??= this.#collect(messageKind(this.#rest)));
  }

  get runs() {
    return (this.#runs ??= this.#makeRuns());
  }

  get runSteps() {
    return (this.#runSteps ??= this.#collect(runStepKind(this.#rest)));
  }

  #makeThreads() {
    const threads = this.#economy ? threadLoader(this.#rest, this.#economy.saved) : plainThreadLoader(this.#rest);
    return {
      ...threads,
      /** It takes all that it held with it. */
      deleted: (threadId: string) => {
        threads.deleted(threadId);
        for (const held of [this.#messages, this.#runs, this.#runSteps]) held?.forget();
      },
    };
  }

  #makeRuns() {
    const runs = this.#collect(runKind(this.#rest));
    return {
      ...runs,
      /** A run that was written goes on by itself: it adds to its steps and to the thread's messages. */
      wrote: (run: Received<RestRun>) => {
        runs.wrote(run);
        for (const added of [this.#messages, this.#runSteps]) added?.forget();
      },
    };
  }

  #collect<Key, List, Item extends { id: string }>(kind: Kind<Key, List, Item>): Collection<Key, List, Item> {
    return this.#economy ? collection(kind, this.#economy) : plainCollection(kind);
  }
}

export type Loaders = Pick<RequestLoaders, keyof RequestLoaders>;

export const createLoaders = (rest: Rest, economy: Economy | undefined): Loaders => new RequestLoaders(rest, economy);
