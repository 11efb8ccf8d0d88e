import { costReport } from '../observability/upstreamStats.ts';
import { requestLog } from '../observability/requestLog.ts';
import type { Log } from '../observability/log.ts';
import { type DocumentLimits, documentLimits } from './documentLimits.ts';
import { withoutIntrospection } from './introspection.ts';
import { operationCost } from './operationCost.ts';
import type { OperationRule } from './rule.ts';
import { type TextLimits, textLimits } from './textLimits.ts';
import { type VariableLimits, variableLimits } from './variableLimits.ts';

export interface RuleOptions extends TextLimits, DocumentLimits, VariableLimits {
  /** Whether clients may ask for the schema. */
  readonly introspection: boolean;
  /** What an operation may cost: see `cost.ts`. */
  readonly maxCost: number;
  /** Reports what an operation costs even if its request does not ask for that. */
  readonly reportCost: boolean;
  /** Reports how the REST calls of an operation were made even if its request does not ask for that. */
  readonly upstreamStats: boolean;
  readonly log: Log;
}

/** Every rule that operations are subject to, in order. */
export const operationRules = (options: RuleOptions): readonly OperationRule[] => [
  textLimits(options),
  documentLimits(options),
  ...(options.introspection ? [] : [withoutIntrospection]),
  variableLimits(options),
  requestLog(options.log),
  costReport(options.upstreamStats),
  operationCost({ always: options.reportCost, limit: options.maxCost }),
];
