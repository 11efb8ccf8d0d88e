import { oneOf, onOff, wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';

/** What an operation may cost, and how it is executed. */
export const operationSettings = {
  pollMinMs: setting({
    name: 'POLL_MIN_MS',
    unit: 'milliseconds',
    fallback: '250',
    description: 'Shortest interval at which a followed run is read, unless the upstream asks for another.',
    parse: wholeNumber(10, 60_000),
  }),
  pollMaxMs: setting({
    name: 'POLL_MAX_MS',
    unit: 'milliseconds',
    fallback: '5000',
    description: 'Longest interval at which a followed run is read while nothing changes.',
    parse: wholeNumber(10, 60_000),
  }),
  pollOutageMs: setting({
    name: 'POLL_OUTAGE_MS',
    unit: 'milliseconds',
    fallback: '120000',
    description: 'How long the upstream may fail before a run that is followed ends with an error.',
    parse: wholeNumber(0, 3_600_000),
  }),
  activeRunWaitMs: setting({
    name: 'ACTIVE_RUN_WAIT_MS',
    unit: 'milliseconds',
    fallback: '60000',
    description: 'How long `onActiveRun: WAIT` and `CANCEL` wait for the active run to end.',
    parse: wholeNumber(0, 600_000),
  }),
  maxPageItems: setting({
    name: 'MAX_PAGE_ITEMS',
    unit: 'items',
    fallback: '1000',
    description: 'Maximum of `first` and `last`. Each 100 items cost one REST call.',
    parse: wholeNumber(20, 100_000),
  }),
  maxUpstreamCalls: setting({
    name: 'MAX_UPSTREAM_CALLS',
    unit: 'REST calls',
    fallback: '1000',
    description: 'Maximum number of REST calls for one GraphQL request.',
    parse: wholeNumber(1, 1_000_000),
  }),
  maxDepth: setting({
    name: 'MAX_QUERY_DEPTH',
    unit: 'levels',
    fallback: '20',
    description: 'Maximum depth of the selections of a document.',
    parse: wholeNumber(1, 1000),
  }),
  maxTokens: setting({
    name: 'MAX_QUERY_TOKENS',
    unit: 'tokens',
    fallback: '10000',
    description: 'Maximum number of tokens of a document: its names, values and punctuators.',
    parse: wholeNumber(100, 1_000_000),
  }),
  executor: setting({
    name: 'EXECUTOR',
    unit: 'name',
    fallback: 'compiled',
    description:
      'What executes queries and mutations: compiled, which needs a fraction of the CPU, or graphql-js, the reference implementation.',
    parse: oneOf(['compiled', 'graphql-js']),
  }),
  upstreamStats: setting({
    name: 'UPSTREAM_STATS',
    unit: 'on or off',
    fallback: 'off',
    description:
      'Whether every response reports its REST calls in `extensions.upstream`. The request header `X-Upstream-Stats` asks for it once.',
    parse: onOff,
  }),
  subgraph: setting({
    name: 'SUBGRAPH',
    unit: 'on or off',
    fallback: 'off',
    description: 'Whether to leave out `node` and `nodes`, for supergraphs in which another subgraph has them.',
    parse: onOff,
  }),
};
