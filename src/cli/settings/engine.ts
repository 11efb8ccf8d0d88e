import { codeInterpreterSettings } from './codeInterpreter.ts';
import { embeddingSettings } from './embedding.ts';
import { modelSettings } from './model.ts';
import { optional, wholeNumber } from './parsers.ts';
import { postgresUrl } from './postgresUrl.ts';
import { setting } from './setting.ts';
import { runWebhookSettings } from './runWebhooks.ts';
import { toolSettings } from './tools.ts';

/** A petabyte. */
const MOST_BYTES = 1024 ** 5;

/** The embedded engine, and the model and the tools that it calls. */
export const engineSettings = {
  dataPath: setting({
    name: 'DATA_PATH',
    unit: 'file',
    fallback: './data/assistants.db',
    description:
      'SQLite file of the embedded engine; files are in the folder of this name and `.files`. :memory: keeps nothing. Not used with ASSISTANTS_BASE_URL.',
    parse: (value: string) => value,
  }),
  databaseUrl: setting({
    name: 'DATABASE_URL',
    unit: 'URL',
    fallback: '',
    description:
      'PostgreSQL database (version 15 or later) of the embedded engine instead of the SQLite file, such as postgres://user:password@host:5432/name. Any number of servers may share one.',
    secret: true,
    parse: optional(postgresUrl),
  }),
  databasePoolSize: setting({
    name: 'DATABASE_POOL_SIZE',
    unit: 'connections',
    fallback: '10',
    description:
      'Maximum number of connections of this server to DATABASE_URL, in addition to one for notifications and three of the search index.',
    parse: wholeNumber(2, 1000),
  }),
  maxFileBytes: setting({
    name: 'MAX_FILE_BYTES',
    unit: 'bytes',
    fallback: '536870912',
    description: 'Maximum size of a file at /v1/files.',
    parse: wholeNumber(1, MOST_BYTES),
  }),
  maxUploadBytes: setting({
    name: 'MAX_UPLOAD_BYTES',
    unit: 'bytes',
    fallback: '8589934592',
    description: 'Maximum size of a file that is uploaded in parts at /v1/uploads.',
    parse: wholeNumber(1, MOST_BYTES),
  }),
  maxTenantFileBytes: setting({
    name: 'MAX_TENANT_FILE_BYTES',
    unit: 'bytes',
    fallback: '107374182400',
    description: 'Maximum size of all files of a tenant together, with the parts of its uploads.',
    parse: wholeNumber(1, MOST_BYTES),
  }),
  maxTotalFileBytes: setting({
    name: 'MAX_TOTAL_FILE_BYTES',
    unit: 'bytes',
    fallback: '1099511627776',
    description: 'Maximum size of all files of all tenants together, with the parts of their uploads.',
    parse: wholeNumber(1, MOST_BYTES),
  }),
  runEventsRetentionHours: setting({
    name: 'RUN_EVENTS_RETENTION_HOURS',
    unit: 'hours',
    fallback: '24',
    description:
      'How long the events of a run are stored after its end. After that, late subscribers get the creation and the end of the run and of each of its steps and messages, without deltas.',
    parse: wholeNumber(0, 87_600),
  }),
  runLeaseSeconds: setting({
    name: 'RUN_LEASE_SECONDS',
    unit: 'seconds',
    fallback: '30',
    description:
      'How long the replicas on one DATABASE_URL leave a run to the one that executes it, if that one reports nothing. The clocks of their machines have to agree within a third of it.',
    parse: wholeNumber(3, 600),
  }),
  ...modelSettings,
  ...embeddingSettings,
  ...toolSettings,
  ...codeInterpreterSettings,
  ...runWebhookSettings,
};
