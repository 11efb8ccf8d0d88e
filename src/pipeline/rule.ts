import type { DocumentNode, GraphQLError, OperationTypeNode, ValidationRule } from 'graphql';
import type { Caller } from '../access/admission.ts';
import type { Context } from '../context/context.ts';

/** An operation that is being executed. */
export interface StartedOperation {
  /** Its name in the document; `anonymous` if it has none. */
  readonly name: string;
  readonly kind: OperationTypeNode;
  readonly caller: Caller;
  /** What it may cost at most, as computed before it started: see `cost.ts`. */
  readonly requestedCost: number;
  readonly context: Context;
}

/** How an operation ended. */
export interface OperationOutcome {
  /** As the client got them. */
  readonly errors: readonly GraphQLError[];
  /** REST calls made, those for all events of a subscription included. */
  readonly upstreamCalls: number;
  /** Of a subscription: how many results it delivered. */
  readonly events: number | undefined;
}

/**
 * A rule that holds for every operation, whichever transport it came by. A new one is a file of its own and an entry in
 * `rules.ts`. Who may send requests at all is checked earlier, in `access/admission.ts`.
 */
export interface OperationRule {
  /** Checks a document before it is parsed, before it is validated, and variables before they are coerced. Throws RequestError. */
  readonly text?: (query: string) => void;
  readonly document?: (document: DocumentNode) => void;
  readonly variables?: (variables: Readonly<Record<string, unknown>>) => void;
  /** Rules that documents are validated by, in addition to the specification's. */
  readonly validation?: readonly ValidationRule[];
  /**
   * Called before an operation starts. The function that it returns is called once the operation has ended: of a
   * subscription, when there are no more events or its client has left.
   */
  readonly observe?: (operation: StartedOperation) => (outcome: OperationOutcome) => void;
  /** What to add to `extensions` of a single result; undefined for nothing. Called once the operation has ended. */
  readonly extensions?: (operation: StartedOperation) => Readonly<Record<string, unknown>> | undefined;
}
