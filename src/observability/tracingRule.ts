import type { OperationRule } from '../pipeline/rule.ts';

/** Names and ends the span of each operation. */
export const tracingRule: OperationRule = {
  observe: ({ name, kind, caller: { requestId }, context: { trace } }) => {
    trace?.started({ kind, name, requestId });
    return ({ errors: [first] }) => trace?.ended(first === undefined ? undefined : String(first.extensions['code']));
  },
};
