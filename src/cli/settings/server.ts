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
    fallback: '4194304',
    description: 'Maximum size of a request body. A message of 256,000 characters can need a megabyte.',
    parse: wholeNumber(1024, 1_073_741_824),
  }),
  graphiql: setting({
    name: 'GRAPHIQL',
    unit: 'on or off',
    fallback: 'on',
    description: 'Whether browsers get GraphiQL at /graphql.',
    parse: onOff,
  }),
  logLevel: setting({
    name: 'LOG_LEVEL',
    unit: 'level',
    fallback: 'info',
    description: 'What is logged to standard error: silent, error, info or debug.',
    parse: oneOf(logLevels),
  }),
};
