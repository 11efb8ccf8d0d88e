/** What statements touched. */
export interface PlanCosts {
  statements: number;
  /** Of 8 KiB, from the cache or from the disk. */
  blocks: number;
  /** That the nodes of the plans returned or removed by filters. */
  rows: number;
  /** Tables that were read from one end to the other. */
  sequentialScans: string[];
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

const rowsOf = (node: PlanNode): number =>
  ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * (node['Actual Loops'] ?? 1);

/** The JSON of the plans that auto_explain has logged, with the prefix `%a|` of each entry of the log. */
const plansIn = (log: string): PlanNode[] =>
  log.split(/^(?=[\w -]*\|[A-Z]+: )/m).flatMap((entry) => {
    const start = entry.indexOf('plan:');
    if (start === -1) return [];
    const { Plan } = JSON.parse(entry.slice(start + 'plan:'.length)) as { Plan: PlanNode };
    return [Plan];
  });

/** The sums over all statements in a log. */
export const planCostsIn = (log: string): PlanCosts => {
  const plans = plansIn(log);
  const nodes = plans.flatMap(nodesOf);
  const scans = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'] ?? '');
  return {
    statements: plans.length,
    blocks: plans.reduce((sum, plan) => sum + (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0), 0),
    rows: nodes.reduce((sum, node) => sum + rowsOf(node), 0),
    sequentialScans: [...new Set(scans)].toSorted(),
  };
};
