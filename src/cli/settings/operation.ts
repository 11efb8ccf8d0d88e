import { priceFile } from './priceFile.ts';
import { oneOf, onOff, wholeNumber } from './parsers.ts';
import { persistedQueriesFile } from './persistedQueriesFile.ts';
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
    description:
      'Maximum of `first` and `last`, and of the ids or representations of one field. Each 100 items of a list cost one REST call.',
    parse: wholeNumber(20, 100_000),
  }),
  maxUpstreamCalls: setting({
    name: 'MAX_UPSTREAM_CALLS',
    unit: 'REST calls',
    fallback: '1000',
    description: 'Maximum number of REST calls for one GraphQL request.',
    parse: wholeNumber(1, 1_000_000),
  }),
  maxCost: setting({
    name: 'MAX_OPERATION_COST',
    unit: 'points',
    fallback: '100000',
    description:
      'Maximum cost of an operation, computed before it runs: one point for each field and each list item that its result may have, with pages and lists of ids counted in full.',
    parse: wholeNumber(1, 1_000_000_000),
  }),
  reportCost: setting({
    name: 'REPORT_OPERATION_COST',
    unit: 'on or off',
    fallback: 'off',
    description:
      'Whether every response reports its cost in `extensions.cost`. The request header `X-Operation-Cost` asks for it once.',
    parse: onOff,
  }),
  maxQueryBytes: setting({
    name: 'MAX_QUERY_BYTES',
    unit: 'bytes',
    fallback: '1048576',
    description: 'Maximum size of a document, without its variables.',
    parse: wholeNumber(1024, 1_073_741_824),
  }),
  maxTokens: setting({
    name: 'MAX_QUERY_TOKENS',
    unit: 'tokens',
    fallback: '10000',
    description: 'Maximum number of tokens of a document: its names, values and punctuators.',
    parse: wholeNumber(100, 1_000_000),
  }),
  maxDepth: setting({
    name: 'MAX_QUERY_DEPTH',
    unit: 'levels',
    fallback: '20',
    description: 'Maximum depth of the selections of a document. Introspection may always have 20 levels.',
    parse: wholeNumber(1, 200),
  }),
  maxAliases: setting({
    name: 'MAX_ALIASES',
    unit: 'aliases',
    fallback: '500',
    description: 'Maximum number of aliases of a document.',
    parse: wholeNumber(0, 1_000_000),
  }),
  maxRootFields: setting({
    name: 'MAX_ROOT_FIELDS',
    unit: 'fields',
    fallback: '200',
    description: 'Maximum number of fields that an operation selects at its root.',
    parse: wholeNumber(1, 1_000_000),
  }),
  maxDirectives: setting({
    name: 'MAX_DIRECTIVES',
    unit: 'directives',
    fallback: '200',
    description: 'Maximum number of directives of a document.',
    parse: wholeNumber(0, 1_000_000),
  }),
  maxValueDepth: setting({
    name: 'MAX_VALUE_DEPTH',
    unit: 'levels',
    fallback: '100',
    description: 'Maximum depth of lists and objects within a value, in the document and in variables.',
    parse: wholeNumber(5, 500),
  }),
  maxListItems: setting({
    name: 'MAX_LIST_ITEMS',
    unit: 'items',
    fallback: '10000',
    description: 'Maximum number of items of a list, in the document and in variables.',
    parse: wholeNumber(1, 1_000_000),
  }),
  introspection: setting({
    name: 'INTROSPECTION',
    unit: 'on or off',
    fallback: 'on',
    description: 'Whether clients may ask for the schema. If off, errors do not suggest names of it either.',
    parse: onOff,
  }),
  automaticPersistedQueries: setting({
    name: 'AUTOMATIC_PERSISTED_QUERIES',
    unit: 'on or off',
    fallback: 'on',
    description:
      "Whether clients may send the hash of a document that the server has seen, as in Apollo's automatic persisted queries.",
    parse: onOff,
  }),
  persistedQueries: setting({
    name: 'PERSISTED_QUERIES_FILE',
    unit: 'file',
    fallback: '',
    description:
      "If set, only the documents in this file are executed: a persisted query manifest of Apollo's, or the JSON that Relay's compiler persists to.",
    parse: persistedQueriesFile,
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
  prices: setting({
    name: 'PRICES_FILE',
    unit: 'file',
    fallback: '',
    description: 'JSON file with prices of models, which `cost` uses in place of their list prices.',
    parse: priceFile,
  }),
};
