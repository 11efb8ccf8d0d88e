import { type AdmissionOptions, createAdmission } from '../access/admission.ts';
import { contextFactory, type ContextOptions } from '../context/context.ts';
import { DEFAULT_PAGE_ITEMS } from '../resolvers/pagination.ts';
import { servedSchema } from '../schema/served.ts';
import type { ExecutorName } from './executors.ts';
import type { LoadLimit } from './loadLimit.ts';
import type { PersistedQueryOptions } from './persistedQueries.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import type { OperationRule } from './rule.ts';
import { operationRules, type RuleOptions } from './rules.ts';

export interface GraphOptions extends ContextOptions, AdmissionOptions, RuleOptions, PersistedQueryOptions {
  readonly executor: ExecutorName;
  readonly load: LoadLimit;
  /** How large a result may be, in bytes. */
  readonly maxResponseBytes: number;
  /** Leaves out `node` and `nodes`, so that the graph composes with another that has them. */
  readonly subgraph: boolean;
  /** Rules in addition to those of `operationRules`. */
  readonly rules?: readonly OperationRule[] | undefined;
}

/** The pipeline that serves the graph over an upstream. */
export const createGraph = (options: GraphOptions): Pipeline =>
  createPipeline({
    schema: servedSchema({ subgraph: options.subgraph }),
    admission: createAdmission(options),
    rules: [...operationRules(options), ...(options.rules ?? [])],
    persistedQueries: options,
    hideSuggestions: !options.introspection,
    cost: { maxCost: options.maxCost, maxPageItems: options.maxPageItems, defaultPageItems: DEFAULT_PAGE_ITEMS },
    executor: options.executor,
    maxResponseBytes: options.maxResponseBytes,
    load: options.load,
    contextOf: contextFactory(options),
    log: options.log,
  });
