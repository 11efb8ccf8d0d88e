import { validateHeaderName, validateHeaderValue } from 'node:http';
import { logLevels } from '../observability/log.ts';

/** Says what a setting allows: `a whole number from 0 to 65535`. Thrown by a parser for a value outside of it. */
class NotAllowed extends Error {}

interface Setting<T> {
  readonly name: string;
  /** What a value of it counts or holds: `milliseconds`, `URL`. */
  readonly unit: string;
  /** As it would be written in the environment; empty when there is none, and then parsed like any value. */
  readonly fallback: string;
  readonly description: string;
  /** Whether the value is kept out of every message. */
  readonly secret?: true;
  /** The value in use. Throws NotAllowed. */
  readonly parse: (value: string) => T;
}

const setting = <T>(one: Setting<T>): Setting<T> => one;

const wholeNumber = (least: number, most: number) => (value: string) => {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new NotAllowed(`a whole number from ${least} to ${most}`);
};

const oneOf =
  <const T extends readonly string[]>(allowed: T) =>
  (value: string): T[number] => {
    const found = allowed.find((each) => each === value);
    if (found !== undefined) return found;
    throw new NotAllowed(`one of ${allowed.join(', ')}`);
  };

const onOff = (value: string) => oneOf(['on', 'off'])(value) === 'on';

const hostName = (value: string) => {
  if (/^[\w.:%-]+$/.test(value)) return value;
  throw new NotAllowed('a host name or an IP address, without scheme or port');
};

const baseUrl = (value: string) => {
  if (value === '') return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new NotAllowed('an http or https URL such as https://assistants.example/v1');
  }
  if (url.search !== '' || url.hash !== '') {
    throw new NotAllowed('a URL without query or fragment (query parameters go into ASSISTANTS_QUERY)');
  }
  if (url.username !== '' || url.password !== '') {
    throw new NotAllowed('a URL without user name and password (a key goes into ASSISTANTS_API_KEY)');
  }
  return url.href.replace(/\/+$/, '');
};

const secretWord = (value: string) => {
  if (value === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new NotAllowed('one word of printable ASCII characters');
};

const headers = (value: string): Readonly<Record<string, string>> => {
  if (value === '') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new TypeError('not an object');
    return Object.fromEntries(
      Object.entries(parsed).map(([name, text]: [string, unknown]) => {
        if (typeof text !== 'string') throw new TypeError('not a string');
        validateHeaderName(name);
        validateHeaderValue(name, text);
        return [name.toLowerCase(), text];
      }),
    );
  } catch {
    throw new NotAllowed('a JSON object of header names and their values, such as {"api-key":"…"}');
  }
};

const query = (value: string): Readonly<Record<string, string>> => {
  const pairs = [...new URLSearchParams(value)];
  const names = new Set(pairs.map(([name]) => name));
  if (names.size === pairs.length && !names.has('')) return Object.fromEntries(pairs);
  throw new NotAllowed('URL query parameters, each name once, such as api-version=2024-05-01-preview');
};

/** Values separated by commas, each of which may be `*` too. */
const listOf =
  (isOne: (each: string) => boolean, allowed: string) =>
  (value: string): readonly string[] => {
    const listed = value.split(',').map((each) => each.trim());
    const wanted = listed.filter((each) => each !== '');
    if (wanted.every((each) => each === '*' || isOne(each))) return wanted;
    throw new NotAllowed(allowed);
  };

const origins = listOf(
  (each) => URL.canParse(each) && new URL(each).origin === each,
  'origins separated by commas, such as https://app.example,https://admin.example:8443, or *',
);

const hosts = listOf(
  (each) => /^[\w.-]+$/.test(each),
  'host names without scheme or port, separated by commas, such as graph.example, or *',
);

const settings = {
  port: setting({
    name: 'PORT',
    unit: 'TCP port',
    fallback: '4000',
    description: 'Where to listen. 0 takes any free port.',
    parse: wholeNumber(0, 65_535),
  }),
  host: setting({
    name: 'HOST',
    unit: 'address',
    fallback: '127.0.0.1',
    description: 'Where to listen. The default is reachable from this machine only; 0.0.0.0 from everywhere.',
    parse: hostName,
  }),
  baseUrl: setting({
    name: 'ASSISTANTS_BASE_URL',
    unit: 'URL',
    fallback: '',
    description: 'The Assistants API to stand in front of. Unset: the embedded engine.',
    parse: baseUrl,
  }),
  apiKey: setting({
    name: 'ASSISTANTS_API_KEY',
    unit: 'key',
    fallback: '',
    description: "Sent upstream as 'Authorization: Bearer …', unless the client sent an Authorization of its own.",
    secret: true,
    parse: secretWord,
  }),
  headers: setting({
    name: 'ASSISTANTS_HEADERS',
    unit: 'JSON',
    fallback: '',
    description: 'More headers for every REST call: {"api-key":"…"} for Azure.',
    secret: true,
    parse: headers,
  }),
  query: setting({
    name: 'ASSISTANTS_QUERY',
    unit: 'query string',
    fallback: '',
    description: 'More query parameters for every REST call: api-version=2024-05-01-preview for Azure.',
    secret: true,
    parse: query,
  }),
  timeoutMs: setting({
    name: 'ASSISTANTS_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '30000',
    description: 'The deadline of one REST call, the reading of its body included.',
    parse: wholeNumber(1, 600_000),
  }),
  transport: setting({
    name: 'ASSISTANTS_TRANSPORT',
    unit: 'library',
    fallback: 'undici',
    description:
      'What makes the REST calls: undici, which needs less CPU, or cross-fetch, which asks for compressed answers.',
    parse: oneOf(['undici', 'cross-fetch']),
  }),
  maxSockets: setting({
    name: 'ASSISTANTS_MAX_SOCKETS',
    unit: 'connections',
    fallback: '256',
    description: 'Connections to the upstream at a time. Calls beyond it wait for their turn.',
    parse: wholeNumber(1, 10_000),
  }),
  dataPath: setting({
    name: 'DATA_PATH',
    unit: 'file',
    fallback: './data/assistants.db',
    description: "The embedded engine's SQLite file; :memory: keeps nothing. Not used with ASSISTANTS_BASE_URL.",
    parse: (value) => value,
  }),
  pollMinMs: setting({
    name: 'POLL_MIN_MS',
    unit: 'milliseconds',
    fallback: '250',
    description: 'How soon a run that changed is read again while it is followed, unless the upstream says when.',
    parse: wholeNumber(10, 60_000),
  }),
  pollMaxMs: setting({
    name: 'POLL_MAX_MS',
    unit: 'milliseconds',
    fallback: '5000',
    description: 'How long the pauses between readings grow while nothing changes.',
    parse: wholeNumber(10, 60_000),
  }),
  activeRunWaitMs: setting({
    name: 'ACTIVE_RUN_WAIT_MS',
    unit: 'milliseconds',
    fallback: '60000',
    description: 'How long `onActiveRun: WAIT` and `CANCEL` wait for the run that is in the way.',
    parse: wholeNumber(0, 600_000),
  }),
  maxPageItems: setting({
    name: 'MAX_PAGE_ITEMS',
    unit: 'items',
    fallback: '1000',
    description: 'The most that `first` or `last` may ask of one connection. Each 100 cost one REST call.',
    parse: wholeNumber(20, 100_000),
  }),
  maxUpstreamCalls: setting({
    name: 'MAX_UPSTREAM_CALLS',
    unit: 'REST calls',
    fallback: '1000',
    description: 'The most that one GraphQL request may cost.',
    parse: wholeNumber(1, 1_000_000),
  }),
  maxDepth: setting({
    name: 'MAX_QUERY_DEPTH',
    unit: 'levels',
    fallback: '20',
    description: 'How deep the selections of a GraphQL document may nest.',
    parse: wholeNumber(1, 1000),
  }),
  maxTokens: setting({
    name: 'MAX_QUERY_TOKENS',
    unit: 'tokens',
    fallback: '10000',
    description: 'How long a GraphQL document may be: its names, values and punctuation marks.',
    parse: wholeNumber(100, 1_000_000),
  }),
  maxBodyBytes: setting({
    name: 'MAX_BODY_BYTES',
    unit: 'bytes',
    fallback: '16777216',
    description: 'Maximum size of a request body. An escaped message of 256,000 characters can need three megabytes.',
    parse: wholeNumber(1024, 1_073_741_824),
  }),
  subgraph: setting({
    name: 'SUBGRAPH',
    unit: 'on or off',
    fallback: 'off',
    description: 'On leaves `node` and `nodes` out of the graph, to compose it with subgraphs that have them too.',
    parse: onOff,
  }),
  routerSecret: setting({
    name: 'ROUTER_SECRET',
    unit: 'secret',
    fallback: '',
    description:
      "Unless unset, /graphql refuses what does not bring it as 'Router-Authorization'. /v1 does not ask for it.",
    secret: true,
    parse: secretWord,
  }),
  allowedOrigins: setting({
    name: 'ALLOWED_ORIGINS',
    unit: 'origins',
    fallback: '',
    description:
      'Whose web pages may ask, separated by commas: https://app.example. Pages of this server and this machine always may; * allows all.',
    parse: origins,
  }),
  allowedHosts: setting({
    name: 'ALLOWED_HOSTS',
    unit: 'host names',
    fallback: '',
    description:
      'By which public names it may be asked: graph.example. Unset: by any, but by none where HOST is this machine only; * allows all.',
    parse: hosts,
  }),
  upstreamStats: setting({
    name: 'UPSTREAM_STATS',
    unit: 'on or off',
    fallback: 'off',
    description:
      "On tells with each answer what it cost, in 'extensions.upstream'. The header 'X-Upstream-Stats' asks for it once.",
    parse: onOff,
  }),
  logLevel: setting({
    name: 'LOG_LEVEL',
    unit: 'level',
    fallback: 'info',
    description: `How much is logged, on standard error: ${logLevels.join(', ')}.`,
    parse: oneOf(logLevels),
  }),
};

/** Every setting as it is in use, and never changed after the start. */
export type Config = { readonly [Key in keyof typeof settings]: ReturnType<(typeof settings)[Key]['parse']> };

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown for settings that cannot be used. `message` has one line for each of them, and no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads every setting. An empty variable counts as unset. Throws ConfigError naming all that are wrong, not just the first. */
export const readConfig = (env: Environment): Config => {
  const wrong: string[] = [];
  const read = ([key, one]: [string, Setting<unknown>]) => {
    const value = env[one.name]?.trim() || one.fallback;
    try {
      return [key, one.parse(value)] as const;
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      wrong.push(`${one.name} must be ${error.message}, got ${shown(one, value)}`);
      return [key, undefined] as const;
    }
  };
  const config = Object.fromEntries(Object.entries(settings).map(read));
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return Object.freeze(config) as Config;
};

const shown = (one: Setting<unknown>, value: string) =>
  one.secret === true ? 'something else (not shown, as it may hold a key)' : JSON.stringify(withoutPassword(value));

const withoutPassword = (value: string) => value.replace(/\/\/[^/]*@/, '//…@');

/**
 * The variables that look like settings and are none: a misspelt one would otherwise be as if unset. They are no error,
 * since Kubernetes sets some for any service that is named `assistants` (ASSISTANTS_SERVICE_HOST, ASSISTANTS_PORT).
 */
export const unknownSettings = (env: Environment): string[] => {
  const known = new Set(Object.values(settings).map((one) => one.name));
  return Object.keys(env).filter((name) => name.startsWith('ASSISTANTS_') && !known.has(name));
};

/** What must not be seen in any output: the key, the router's secret, and the values of extra headers and query parameters. */
export const secretsOf = ({ apiKey: key, routerSecret, headers: extra, query: parameters }: Config): string[] => [
  ...(key === undefined ? [] : [key]),
  ...(routerSecret === undefined ? [] : [routerSecret]),
  ...Object.values(extra),
  ...Object.entries(parameters).flatMap(([name, value]) => (name === 'api-version' ? [] : [value])),
];

/** The settings for `--help`, two lines each. */
export const describeSettings = (): string =>
  Object.values(settings)
    .map(({ name, unit, fallback, description }) => {
      const given = fallback === '' ? 'unset' : fallback;
      return `  ${name.padEnd(24)}${unit}, default ${given}\n${' '.repeat(26)}${description}`;
    })
    .join('\n');
