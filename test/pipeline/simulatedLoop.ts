import { type AdaptiveLimit, SAMPLE_MS } from '../../src/pipeline/adaptiveLimit.ts';
import { randomFrom } from '../loaders/random.ts';

/** What an operation costs, in milliseconds of the processor but for those of the upstream. */
export interface Work {
  readonly startMs: number;
  /** Of each response of the upstream. */
  readonly responseMs: number;
  readonly roundTrips: number;
  readonly upstreamMs: number;
  readonly refusalMs: number;
  /** Whether responses are large, so that they wait for turns of their own instead of holding the event loop. */
  readonly inTurns?: true;
}

/** Requests that arrive at a constant rate on average, at random intervals. */
export interface Offered {
  readonly seconds: number;
  readonly perSecond: number;
}

/** What became of the requests of one phase. */
export interface Phase {
  readonly served: number;
  readonly refused: number;
  /** Those refused that arrived so many milliseconds after the beginning, or later. */
  readonly refusedAfter: (ms: number) => number;
  /** The 99th percentile of the latency of those served, in milliseconds. */
  readonly p99: number;
  readonly mostInFlight: number;
}

interface Operation {
  readonly phase: number;
  readonly arrivedAt: number;
  /** When the event loop took it from the connection. */
  readonly readAt: number;
  roundTrips: number;
}

type Arrival = Pick<Operation, 'phase' | 'arrivedAt'>;

const TURN_MS = 10;
const TIMER_MS = 10;

/**
 * A server with one event loop, in its own time: each iteration reads the requests that have arrived, handles the responses of the
 * upstream, and starts requests for TURN_MS at most, as StartQueue does. The rule gets what LoadLimit would measure.
 */
export const served = (rule: AdaptiveLimit, work: Work, phases: readonly Offered[]): Phase[] => {
  const arrivals = arrivalsOf(phases);
  const latencies = phases.map((): number[] => []);
  const refusals = phases.map((): number[] => []);
  const mostInFlight = phases.map(() => 0);
  const starts = phases.map((_, index) => 1000 * phases.slice(0, index).reduce((sum, { seconds }) => sum + seconds, 0));
  const responses: { at: number; operation: Operation }[] = [];
  let answered = 0;
  let waiting: Operation[] = [];
  let tasks: { since: number; operation: Operation }[] = [];
  let emptyUntil = 0;
  let arrived = 0;
  let inFlight = 0;
  let now = 0;
  const none = { tasks: 0, tasksWaitedMs: 0, started: 0, waitedMs: 0, timers: 0, lateMs: 0 };
  let sample = { ...none, most: 0, least: 0, endsAt: SAMPLE_MS };
  let timerAt = TIMER_MS;

  const callUpstream = (operation: Operation) => responses.push({ at: now + work.upstreamMs, operation });
  const state = () => ({
    waitMs: waiting[0] === undefined ? 0 : now - waiting[0].readAt,
    standingMs: waiting.length === 0 ? 0 : now - emptyUntil,
  });

  const arrive = (operation: Operation) => {
    if (!rule.admits(inFlight, state())) {
      now += work.refusalMs;
      refusals[operation.phase]?.push(operation.arrivedAt - (starts[operation.phase] ?? 0));
      return;
    }
    inFlight += 1;
    sample.most = Math.max(sample.most, inFlight);
    mostInFlight[operation.phase] = Math.max(mostInFlight[operation.phase] ?? 0, inFlight);
    if (waiting.length === 0) emptyUntil = now;
    waiting.push(operation);
  };

  const respond = (operation: Operation) => {
    now += work.responseMs;
    operation.roundTrips -= 1;
    if (operation.roundTrips > 0) return callUpstream(operation);
    inFlight -= 1;
    sample.least = Math.min(sample.least, inFlight);
    return latencies[operation.phase]?.push(now - operation.arrivedAt);
  };

  const turn = () => {
    const began = now;
    let done = 0;
    for (const { since, operation } of tasks) {
      if (now - began >= TURN_MS) break;
      sample.tasks += 1;
      sample.tasksWaitedMs += now - since;
      done += 1;
      respond(operation);
    }
    tasks = tasks.slice(done);
  };

  const start = () => {
    const began = now;
    let started = 0;
    for (const operation of waiting) {
      if (now - began > TURN_MS) break;
      sample.waitedMs += now - operation.readAt;
      now += work.startMs;
      callUpstream(operation);
      started += 1;
    }
    sample.started += started;
    waiting = waiting.slice(started);
  };

  const lookAtTimers = () => {
    if (now >= timerAt) {
      sample.timers += 1;
      sample.lateMs += now - timerAt;
      timerAt = now + TIMER_MS;
    }
    if (now < sample.endsAt) return;
    const { timers, lateMs, started, waitedMs, most, least } = sample;
    const tasksMs = sample.tasks === 0 ? now - (tasks[0]?.since ?? now) : sample.tasksWaitedMs / sample.tasks;
    const queueMs =
      tasksMs + (timers === 0 ? 0 : lateMs / timers) + (started === 0 ? state().waitMs : waitedMs / started);
    rule.adapt({ queueMs, most, least });
    sample = { ...none, most: inFlight, least: inFlight, endsAt: now + SAMPLE_MS };
  };

  const isOver = () => arrived === arrivals.length && inFlight === 0;

  while (!isOver()) {
    const polledAt = now;
    for (let next = arrivals[arrived]; next !== undefined && next.arrivedAt <= polledAt; next = arrivals[arrived]) {
      arrived += 1;
      arrive({ ...next, readAt: now, roundTrips: work.roundTrips });
    }
    for (let next = responses[answered]; next !== undefined && next.at <= polledAt; next = responses[answered]) {
      answered += 1;
      if (work.inTurns) tasks.push({ since: now, operation: next.operation });
      else respond(next.operation);
    }
    turn();
    start();
    lookAtTimers();
    if (now > polledAt) continue;
    now = Math.min(
      arrivals[arrived]?.arrivedAt ?? Number.POSITIVE_INFINITY,
      responses[answered]?.at ?? Number.POSITIVE_INFINITY,
      timerAt,
      sample.endsAt,
    );
  }

  return phases.map((_, index) => {
    const sorted = (latencies[index] ?? []).toSorted((one, other) => one - other);
    const refused = refusals[index] ?? [];
    return {
      served: sorted.length,
      refused: refused.length,
      refusedAfter: (ms) => refused.filter((at) => at >= ms).length,
      p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      mostInFlight: mostInFlight[index] ?? 0,
    };
  });
};

const arrivalsOf = (phases: readonly Offered[]): Arrival[] => {
  const random = randomFrom(1);
  const arrivals: Arrival[] = [];
  let from = 0;
  phases.forEach(({ seconds, perSecond }, phase) => {
    const until = from + seconds * 1000;
    for (let at = from; at < until; ) {
      // Exponentially distributed intervals: independent clients.
      at += (-Math.log((random.below(1_000_000) + 1) / 1_000_001) * 1000) / perSecond;
      if (at < until) arrivals.push({ phase, arrivedAt: at });
    }
    from = until;
  });
  return arrivals;
};
