import { logLevels } from '../../observability/log.ts';
import { hostName, oneOf, onOff, wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';

/** Where the server listens, and what it writes to its log. */
export const serverSettings = {
  port: setting({
    name: 'PORT',
    unit: 'TCP port',
    fallback: '4000',
    description: 'Port to listen on. 0 picks a free one.',
    parse: wholeNumber(0, 65_535),
  }),
  host: setting({
    name: 'HOST',
    unit: 'address',
    fallback: '127.0.0.1',
    description:
      'Address to listen on. The default accepts connections from this machine only; 0.0.0.0 accepts them from anywhere.',
    parse: hostName,
  }),
  maxBodyBytes: setting({
    name: 'MAX_BODY_BYTES',
    unit: 'bytes',
    fallback: '16777216',
    description:
      'Maximum size of a request body, except for files. A message of 256,000 characters can need a megabyte.',
    parse: wholeNumber(1024, 1_073_741_824),
  }),
  maxRequestFileBytes: setting({
    name: 'MAX_REQUEST_FILE_BYTES',
    unit: 'bytes',
    fallback: '536870912',
    description: 'Maximum size of all files together that one GraphQL request uploads.',
    parse: wholeNumber(1024, 68_719_476_736),
  }),
  maxRequestFiles: setting({
    name: 'MAX_REQUEST_FILES',
    unit: 'files',
    fallback: '20',
    description: 'Maximum number of files that one GraphQL request uploads.',
    parse: wholeNumber(0, 1000),
  }),
  maxSpooledBytes: setting({
    name: 'MAX_SPOOLED_BYTES',
    unit: 'bytes',
    fallback: '4294967296',
    description:
      'Maximum size of all files together that GraphQL requests are uploading at a time. They are kept in the temporary folder (TMPDIR) until their operation has ended. Further ones get status 503.',
    parse: wholeNumber(1024, 1_099_511_627_776),
  }),
  graphiql: setting({
    name: 'GRAPHIQL',
    unit: 'on or off',
    fallback: 'on',
    description: 'Whether browsers get GraphiQL at /graphql.',
    parse: onOff,
  }),
  maxResponseBytes: setting({
    name: 'MAX_RESPONSE_BYTES',
    unit: 'bytes',
    fallback: '33554432',
    description:
      'Maximum size of a GraphQL result; of an event of a subscription, up to 8 MiB. An operation whose result grows larger is stopped with `OPERATION_TOO_COSTLY`.',
    parse: wholeNumber(1024, 1_073_741_824),
  }),
  maxConnections: setting({
    name: 'MAX_CONNECTIONS',
    unit: 'connections',
    fallback: '10000',
    description: 'Maximum number of open connections. Further ones are closed at once.',
    parse: wholeNumber(1, 1_000_000),
  }),
  maxStreams: setting({
    name: 'MAX_STREAMS',
    unit: 'connections',
    fallback: '1000',
    description:
      'Maximum number of event streams and WebSockets together. Further ones get status 503 and `Retry-After`.',
    parse: wholeNumber(1, 1_000_000),
  }),
  maxSocketOperations: setting({
    name: 'MAX_SOCKET_OPERATIONS',
    unit: 'operations',
    fallback: '500',
    description: 'Maximum number of operations under way on one WebSocket, subscriptions included.',
    parse: wholeNumber(1, 100_000),
  }),
  maxBufferedBytes: setting({
    name: 'MAX_BUFFERED_BYTES',
    unit: 'bytes',
    fallback: '16777216',
    description: 'How much may wait to be sent to one WebSocket. A client that reads too slowly is disconnected.',
    parse: wholeNumber(65_536, 1_073_741_824),
  }),
  stalledClientMs: setting({
    name: 'STALLED_CLIENT_MS',
    unit: 'milliseconds',
    fallback: '30000',
    description: 'How long a client may read nothing of what waits to be sent to it before it is disconnected.',
    parse: wholeNumber(100, 3_600_000),
  }),
  maxConcurrentOperations: setting({
    name: 'MAX_CONCURRENT_OPERATIONS',
    unit: 'operations',
    fallback: '1000',
    description:
      'Maximum number of queries, mutations and requests to `/v1` that are in flight at a time. Further ones get status 503, the code `OVERLOADED` and `Retry-After`.',
    parse: wholeNumber(1, 1_000_000),
  }),
  overloadQueueMs: setting({
    name: 'OVERLOAD_QUEUE_MS',
    unit: 'milliseconds',
    fallback: '20',
    description:
      'How long work may wait on average for the processor and for connections to the upstream. While it waits longer, fewer requests are accepted; the others get status 503, the code `OVERLOADED` and `Retry-After`. 0 turns this off.',
    parse: wholeNumber(0, 600_000),
  }),
  logLevel: setting({
    name: 'LOG_LEVEL',
    unit: 'level',
    fallback: 'info',
    description: 'What is logged to standard error: silent, error, info or debug.',
    parse: oneOf(logLevels),
  }),
};
