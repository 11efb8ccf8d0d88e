import { type GraphQLError, OperationTypeNode } from 'graphql';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { RequestError } from '../access/requestError.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { OperationRule } from '../pipeline/rule.ts';
import type { CallObserver } from '../rest/callObserver.ts';
import type { CircuitState } from '../rest/circuitBreaker.ts';
import { restOperationOf } from '../rest/operationName.ts';
import { boundedNames, outcomeOf } from './labels.ts';
import { Outcomes, outcomesText } from './outcomes.ts';

/** What is read when the metrics are. */
export interface MetricsSources {
  /** REST calls that wait for a slot. */
  readonly queueDepth: () => number;
  /** Event streams and WebSockets that are open. */
  readonly openStreams: () => number;
  /** Whether REST calls are stopped; undefined if the upstream has no circuit breaker. */
  readonly circuitState: (() => CircuitState) | undefined;
  /** Runs that have not ended, by status; undefined if only the upstream knows. */
  readonly activeRuns: (() => Promise<Readonly<Record<string, number>>>) | undefined;
}

/** The metrics of one server. */
export interface Metrics {
  readonly contentType: string;
  /** All metrics in the text format of Prometheus. */
  readonly text: () => Promise<string>;
  readonly rule: OperationRule;
  readonly callObserver: CallObserver;
  /** The same pipeline, whose rejected requests are counted. */
  readonly countRejections: (pipeline: Pipeline) => Pipeline;
}

const PREFIX = 'assistants_graphql_';

/** Collects metrics from now on: of operations, of REST calls, and of the process. */
export const createMetrics = ({ queueDepth, openStreams, circuitState, activeRuns }: MetricsSources): Metrics => {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  collectDefaultMetrics({ register: registry });
  const rejections = new Counter({
    name: `${PREFIX}rejections_total`,
    help: 'Requests that were rejected before execution, by the code of their error',
    labelNames: ['code'],
    registers,
  });
  const saved = new Counter({
    name: `${PREFIX}rest_calls_saved_total`,
    help: 'Reads of queries and mutations that needed no REST call: coalesced into a page of a list, or deduplicated',
    labelNames: ['by'],
    registers,
  });
  /** A gauge that is read when the metrics are. */
  const gauge = (name: string, help: string, read: (own: Gauge<'kind' | 'status'>) => Promise<void> | void) => {
    const labelNames = ['kind', 'status'] as const;
    const own: Gauge<'kind' | 'status'> = new Gauge({
      name: PREFIX + name,
      help,
      registers: [],
      labelNames,
      collect: () => read(own),
    });
    registry.registerMetric(own);
  };
  gauge('rest_queue_depth', 'REST calls that wait for a free connection', (own) => own.set(queueDepth()));
  gauge('streams_open', 'Event streams and WebSockets that are open', (own) => own.set(openStreams()));
  if (circuitState !== undefined) {
    gauge('circuit_breaker', '1 for the status of the circuit breaker: closed, open or half-open', (own) => {
      own.reset();
      own.set({ status: circuitState() }, 1);
    });
  }
  if (activeRuns !== undefined) {
    gauge('active_runs', 'Runs of the embedded engine that have not ended, by status', async (own) => {
      own.reset();
      for (const [status, count] of Object.entries(await activeRuns())) own.set({ status }, count);
    });
  }

  const nameOf = boundedNames();
  /** By kind and name. */
  const operations = new Map<string, Map<string, Outcomes>>();
  const underWay = new Map<string, number>();
  const progressHelp = 'GraphQL operations under way; of the kind subscription, those that are open';
  gauge('operations_in_progress', progressHelp, (own) => {
    for (const [kind, count] of underWay) own.set({ kind }, count);
  });
  const rule: OperationRule = {
    observe: ({ name, kind, context }) => {
      const started = performance.now();
      const outcomes = entryOf(entryOf(operations, kind, newNames), nameOf(name), newOutcomes);
      underWay.set(kind, (underWay.get(kind) ?? 0) + 1);
      return ({ errors: [first] }) => {
        underWay.set(kind, (underWay.get(kind) ?? 0) - 1);
        outcomes.count(first === undefined ? 'OK' : codeOf(first));
        if (kind === OperationTypeNode.SUBSCRIPTION) return;
        outcomes.observe(secondsSince(started));
        const { coalesced, deduplicated } = context.cost.savings;
        if (coalesced > 0) saved.inc({ by: 'coalesced' }, coalesced);
        if (deduplicated > 0) saved.inc({ by: 'deduplicated' }, deduplicated);
      };
    },
  };

  /** By REST operation. */
  const calls = new Map<string, Outcomes>();
  const callObserver: CallObserver = (call) => {
    const started = performance.now();
    let latest: number | undefined;
    return {
      responded: (status) => {
        latest = status;
      },
      ended: (error) => {
        const outcomes = entryOf(calls, restOperationOf(call), newOutcomes);
        outcomes.count(outcomeOf(latest, error));
        outcomes.observe(secondsSince(started));
      },
    };
  };

  const operationsText = () =>
    outcomesText(
      {
        name: `${PREFIX}operations_total`,
        help: 'GraphQL operations by name, kind and the code of their first error (OK if there is none)',
        outcomeLabel: 'code',
      },
      { name: `${PREFIX}operation_duration_seconds`, help: 'Time to execute queries and mutations' },
      [...operations].flatMap(([kind, byName]) =>
        [...byName].map(([operation, outcomes]) => [{ operation, kind }, outcomes] as const),
      ),
    );
  const callsText = () =>
    outcomesText(
      {
        name: `${PREFIX}rest_calls_total`,
        help: 'REST calls by operation and HTTP status, or the reason why there is none',
        outcomeLabel: 'status',
      },
      {
        name: `${PREFIX}rest_call_duration_seconds`,
        help: 'Time from sending a REST call to the end of its response; of a stream, to its beginning',
      },
      [...calls].map(([operation, outcomes]) => [{ operation }, outcomes] as const),
    );

  const counted =
    <Args extends unknown[], Result>(step: (...args: Args) => Result) =>
    (...args: Args): Result => {
      try {
        return step(...args);
      } catch (error) {
        if (error instanceof RequestError) rejections.inc({ code: codeOf(error.errors[0]) });
        throw error;
      }
    };

  return {
    contentType: registry.contentType,
    text: async () => `${await registry.metrics()}\n${operationsText()}\n${callsText()}`,
    rule,
    callObserver,
    countRejections: ({ admit, enter, prepare, ...rest }) => ({
      admit: counted(admit),
      enter: counted(enter),
      prepare: counted(prepare),
      ...rest,
    }),
  };
};

const codeOf = (error: GraphQLError | undefined) => {
  const code = error?.extensions['code'];
  return typeof code === 'string' ? code : 'UNKNOWN';
};

const secondsSince = (started: number) => (performance.now() - started) / 1000;

const newNames = () => new Map<string, Outcomes>();
const newOutcomes = () => new Outcomes();

/** The value of a key, created if there is none. */
const entryOf = <Value>(map: Map<string, Value>, key: string, create: () => Value): Value => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
};
