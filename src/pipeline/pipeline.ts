import { type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Admission, Caller } from '../access/admission.ts';
import { RequestError, requestError } from '../access/requestError.ts';
import type { Context } from '../context/context.ts';
import { type ErrorCode, publicError as toPublicError } from '../context/errors.ts';
import type { Log } from '../observability/log.ts';
import type { Cancellation } from '../rest/cancellation.ts';
import type { Rest } from '../rest/rest.ts';
import type { CostOptions } from './costCalculation.ts';
import { documentCache } from './documents.ts';
import { limitedErrors } from './errorLimit.ts';
import { assertSupported } from '../execution/supported.ts';
import type { ExecutorName } from './executors.ts';
import type { LoadLimit, Place } from './loadLimit.ts';
import type { OperationParams } from './params.ts';
import { documentLookup, type PersistedQueryOptions } from './persistedQueries.ts';
import { type PreparedDocument, preparedDocument } from './preparedDocument.ts';
import type { SingleResult } from './result.ts';
import type { OperationRule, StartedOperation } from './rule.ts';
import { MAX_EVENT_BYTES, resultsOf } from './subscription.ts';

export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  readonly admission: Admission;
  readonly rules: readonly OperationRule[];
  readonly persistedQueries: PersistedQueryOptions;
  /** Whether errors keep to themselves which names the schema has. */
  readonly hideSuggestions: boolean;
  /** What an operation may cost, and what its cost depends on. */
  readonly cost: CostOptions & { readonly maxCost: number };
  readonly executor: ExecutorName;
  readonly load: LoadLimit;
  /** How large a result may be, in bytes. */
  readonly maxResponseBytes: number;
  readonly contextOf: (caller: Caller, cancellation: Cancellation) => Context;
  readonly log: Log;
}

/** Ends what was started for a client that has left. */
export interface CancellableRequest extends Cancellation {
  cancel(): void;
}

/** An operation that may be executed, once. */
export interface Operation {
  readonly kind: OperationTypeNode;
  /** What a library needs to see of it. */
  readonly args: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>;
  /** Executes a query or a mutation. Never rejects. */
  readonly execute: (cancellation: Cancellation) => Promise<SingleResult>;
  /** The results of a subscription. */
  readonly subscribe: (cancellation: CancellableRequest) => AsyncIterableIterator<ExecutionResult>;
}

/**
 * What every operation goes through, whichever transport it came by: admission, parsing, validation, limits, context,
 * execution, masking of errors, observation. A transport only translates.
 */
export interface Pipeline {
  /** Throws RequestError if the request may not be sent. */
  readonly admit: Admission;
  /**
   * Fetches the document of a hash that only another replica has seen, before `prepare` is called with the same params.
   * Undefined if there is nothing to wait for. Never rejects.
   */
  readonly fetchDocument: (params: OperationParams) => Promise<void> | undefined;
  /**
   * Counts a request as in flight from now on, if the transport does not start it at once. Throws RequestError while there is no
   * capacity for another one.
   */
  readonly enter: () => Place;
  /** Throws RequestError if there is nothing to execute. */
  readonly prepare: (params: OperationParams, caller: Caller, options: PrepareOptions) => Operation;
  /** REST calls for a caller outside of an operation, with the same credentials and limits. */
  readonly restFor: (caller: Caller, cancellation: Cancellation) => Rest;
}

export interface PrepareOptions {
  /** Whether the transport may carry mutations. */
  readonly mutations: boolean;
  /** What `enter` returned for the request. An operation leaves it when its execution has ended, or its subscription has begun. */
  readonly place?: Place | undefined;
}

export const createPipeline = (options: PipelineOptions): Pipeline => {
  const { schema, admission, rules, cost, hideSuggestions, load, contextOf, log } = options;
  if (options.executor === 'compiled') assertSupported(schema);
  const documents = documentLookup(options.persistedQueries);
  const maxEventBytes = Math.min(options.maxResponseBytes, MAX_EVENT_BYTES);
  const boundsFor = (cancellation: Cancellation, maxBytes = options.maxResponseBytes) => ({
    maxBytes,
    // Each item of a list costs at least one, but the lengths of some lists are assumed.
    maxItems: cost.maxCost,
    isCancelled: () => cancellation.isCancelled,
  });
  const documentOf = documentCache<PreparedDocument>(
    {
      schema,
      textChecks: rules.flatMap(({ text }) => text ?? []),
      documentChecks: rules.flatMap(({ document }) => document ?? []),
      validationRules: rules.flatMap(({ validation = [] }) => validation),
      hideSuggestions,
      publicErrors: (errors) => limitedErrors(errors, (error) => toPublicError(error, log)),
    },
    (document) => preparedDocument(document, options),
  );
  const variableChecks = rules.flatMap(({ variables }) => variables ?? []);
  const observers = rules.flatMap(({ observe }) => observe ?? []);
  const reports = rules.flatMap(({ extensions }) => extensions ?? []);

  const observing = (operation: StartedOperation) => {
    const observed = observers.map((observe) => observe(operation));
    return (outcome: Parameters<(typeof observed)[number]>[0]) => {
      for (const ended of observed) ended(outcome);
    };
  };

  const extensionsOf = (operation: StartedOperation) => {
    let reported: Record<string, unknown> | undefined;
    for (const report of reports) {
      const members = report(operation);
      if (members !== undefined) reported = { ...reported, ...members };
    }
    return reported;
  };

  return {
    admit: admission,
    fetchDocument: documents.fetchShared,
    restFor: (caller, cancellation) => contextOf(caller, cancellation).rest,
    enter: () => {
      load.check();
      return load.enter();
    },
    prepare: (params, caller, { mutations, place }) => {
      if (place?.isHeld !== true) load.check();
      const publicErrors = (errors: readonly unknown[]) => {
        if (errors.length === 0) return [];
        const ownLog = log.with({ requestId: caller.requestId });
        return limitedErrors(errors, (error) => toPublicError(error, ownLog));
      };
      const { operationName, variables } = params;
      const { query, accepted } = documents.documentOf(params);
      const prepared = documentOf(query);
      accepted?.();
      const { name, kind, coerce, execute, costWith } = prepared.operation(operationName);
      if (kind === OperationTypeNode.MUTATION && !mutations) {
        throw requestError(405, 'BAD_USER_INPUT', 'Mutations must be sent by POST.', { allow: 'POST' });
      }
      for (const check of variableChecks) check(variables);
      const { coerced, errors = [] } = coerce(variables);
      if (!coerced) throw new RequestError(400, publicErrors(errors), { inDocument: true });
      const requestedCost = costWith(coerced);
      if (requestedCost > cost.maxCost) throw tooCostly(requestedCost, cost.maxCost);
      const args = { schema, document: prepared.document, operationName };
      const started = (context: Context): StartedOperation => ({ name, kind, caller, requestedCost, context });
      return {
        kind,
        args,
        execute: async (cancellation) => {
          const context = contextOf(caller, cancellation);
          const operation = started(context);
          const ended = observing(operation);
          const inFlight = place?.isHeld === true ? place : load.enter();
          try {
            const executed = execute?.(variables, context, boundsFor(cancellation), coerced);
            const { data, errors: thrown } = (await executed) ?? NOT_EXECUTED;
            const outcome = { errors: publicErrors(thrown), upstreamCalls: context.cost.calls, events: undefined };
            ended(outcome);
            return { data, errors: outcome.errors, extensions: extensionsOf(operation) };
          } finally {
            inFlight.leave();
          }
        },
        subscribe: (cancellation) => {
          place?.leave();
          const context = contextOf(caller, cancellation);
          return resultsOf({
            args: { ...args, variableValues: variables, contextValue: context },
            write: async (event) => {
              const bounds = boundsFor(cancellation, maxEventBytes);
              const executed = execute?.(variables, context, bounds, coerced, event);
              return (await executed) ?? NOT_EXECUTED;
            },
            callsOfEvent: () => context.cost.calls,
            publicErrors,
            cancel: () => cancellation.cancel(),
            ended: observing(started(context)),
          });
        },
      };
    },
  };
};

const tooCostly = (cost: number, limit: number) =>
  new RequestError(
    400,
    [
      new GraphQLError(
        `The operation costs ${cost}. The maximum is ${limit}, as set by MAX_OPERATION_COST. It costs one for each field and list item that its result may have: ask for smaller pages, or nest fewer of them.`,
        { extensions: { code: 'OPERATION_TOO_COSTLY' satisfies ErrorCode, cost, limit } },
      ),
    ],
    { inDocument: true },
  );

/** The variables were valid before. */
const NOT_EXECUTED = { data: ['null'], errors: [] };
