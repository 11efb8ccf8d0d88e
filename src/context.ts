import type { Repeater } from '@repeaterjs/repeater';
import { userInputError } from './errors.ts';
import type { RunKey } from './loaders/run.ts';
import { createLoaders, type Loaders } from './loaders/loaders.ts';
import type { PaceLimits } from './live/pollPace.ts';
import { RunFollowers } from './live/runFollowers.ts';
import { clientOf } from './rest/client.ts';
import { createEndpoint, type EndpointOptions } from './rest/endpoint.ts';
import type { Received } from './rest/received.ts';
import { createRest, type Rest } from './rest/rest.ts';
import type { RestRun } from './wire/run.ts';

/** What one request carries: whom it may speak to, and what it already knows. It ends with the request. */
export interface Context {
  readonly rest: Rest;
  /** What is known of the upstream's objects; of a subscription, what is known while one event is answered. */
  loaders: Loaders;
  readonly limits: Pick<ContextOptions, 'maxPageItems' | 'activeRunWaitMs'>;
  /** How many REST calls the request has made so far; of a subscription, the event that is being answered. */
  readonly upstreamCalls: { count: number };
  /** A run now, and at each change until it has ended. All who follow it share one reader. */
  readonly followRun: (key: RunKey) => Repeater<Received<RestRun>>;
  /** Forgets what is known, before the next event of a subscription. */
  readonly renew: () => void;
}

export interface ContextOptions extends PaceLimits {
  upstream: EndpointOptions & { timeoutMs: number };
  /** The most items that one connection may be asked for. */
  maxPageItems: number;
  /** The most REST calls that one request may cost. */
  maxUpstreamCalls: number;
  /** How long a write waits for an active run to get out of its way, in milliseconds. */
  activeRunWaitMs: number;
}

/** Makes what each request carries. The caller's own credentials go before the configured ones. */
export const contextFactory = (options: ContextOptions) => {
  const { upstream, maxUpstreamCalls } = options;
  const endpoint = createEndpoint(upstream);
  const followers = new RunFollowers(options);

  return ({ request }: { request: Request }): Context => {
    const authorization = request.headers.get('authorization');
    const upstreamCalls = { count: 0 };
    const caller = {
      timeoutMs: upstream.timeoutMs,
      ...(authorization === null ? {} : { headers: { authorization } }),
    };
    const onCall = () => {
      upstreamCalls.count += 1;
      if (upstreamCalls.count > maxUpstreamCalls) throw tooManyCalls(maxUpstreamCalls);
    };
    const rest = createRest(clientOf(endpoint, { ...caller, signal: request.signal, onCall }));
    return {
      rest,
      loaders: createLoaders(rest),
      limits: options,
      upstreamCalls,
      followRun: ({ threadId, runId }) =>
        followers.follow(`${authorization ?? ''}\n${threadId}/${runId}`, (signal) =>
          createRest(clientOf(endpoint, { ...caller, signal })).runs.poll(threadId, runId),
        ),
      renew() {
        this.loaders = createLoaders(rest);
        upstreamCalls.count = 0;
      },
    };
  };
};

const tooManyCalls = (max: number) =>
  userInputError(`This request needs more than the ${max} REST calls that one may cost: ask for less at once.`);
