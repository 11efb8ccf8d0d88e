import { costReport } from '../observability/upstreamStats.ts';
import { requestLog } from '../observability/requestLog.ts';
import type { Log } from '../observability/log.ts';
import { depthLimit } from './depthLimit.ts';
import type { OperationRule } from './rule.ts';

export interface RuleOptions {
  /** How deep the selections of a document may nest. */
  readonly maxDepth: number;
  /** Reports what an operation cost even if its request does not ask for that. */
  readonly upstreamStats: boolean;
  readonly log: Log;
}

/** Every rule that operations are subject to, in order. */
export const operationRules = ({ maxDepth, upstreamStats, log }: RuleOptions): readonly OperationRule[] => [
  depthLimit(maxDepth),
  requestLog(log),
  costReport(upstreamStats),
];
