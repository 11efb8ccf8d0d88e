import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { backup } from './cli/backup.ts';
import { banner } from './cli/banner.ts';
import { commandOf, UsageError } from './cli/command.ts';
import { ConfigError, readConfig, secretsOf, unknownSettings } from './cli/config.ts';
import { CopyError } from './engine/copy/copyError.ts';
import { BackupError } from './engine/store/sqlite/backup.ts';
import { StoreUnavailableError } from './engine/store/unavailable.ts';
import { McpUnavailableError } from './engine/tools/mcpSdk.ts';
import { createApp } from './server/app.ts';
import { ListenError, serve } from './server/serve.ts';
import { helpTable } from './cli/settingsTable.ts';
import { createLog, thrownFields } from './observability/log.ts';
import { startOpenTelemetry, TracingUnavailableError } from './observability/openTelemetry.ts';
import { withoutNodes } from './schema/federation.ts';
import { createSchema } from './schema/index.ts';
import { subgraphSdl } from './schema/subgraphSdl.ts';
import { connectSharedServer } from './shared/sharedServer.ts';
import { stopOnSignal } from './server/stopOnSignal.ts';
import { openUpstream } from './server/upstream.ts';
import { copy } from './transfer/copy/copy.ts';
import { transfer } from './transfer/transfer.ts';
import { TransferError } from './transfer/transferError.ts';

const version = (): string => JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;

const help = () => `assistants-graphql ${version()}: one GraphQL graph over the whole Assistants API.

  assistants-graphql                        serve, as the environment says; so does npm start
  assistants-graphql backup FILE            copy the data of the embedded engine to a new file, also while it serves
  assistants-graphql schema [--subgraph]    print the graph with its federation directives, for a schema registry;
                                            with --subgraph as it is served when SUBGRAPH is on
  assistants-graphql export FILE            write all objects of the upstream as JSON Lines; - is standard output
    --threads FILE                            the threads to export, an ID in each line, if the upstream cannot list
                                              them; - is standard input
    --tenant NAME                             whose objects, if there is no upstream but a data file
  assistants-graphql import FILE...         write exported objects to the data file of a stopped server; - is standard input
    --tenant NAME                             who is to own them
    --strict                                  import nothing if anything cannot be imported
  assistants-graphql copy FILE              copy the data file of a stopped server into the database at DATABASE_URL
  assistants-graphql --help                 this text
  assistants-graphql --version              the version

Settings, by environment variable:

${helpTable()}`;

const main = async (args: string[]) => {
  const command = commandOf(args);
  if (command.name === 'help') return say(help());
  if (command.name === 'version') return say(version());
  if (command.name === 'backup') return say(backup(readConfig(process.env), command.target));
  if (command.name === 'schema')
    return say(subgraphSdl(command.subgraph ? withoutNodes(createSchema()) : createSchema()));
  if (command.name === 'copy') {
    process.exitCode = await copy(command.file, readConfig(process.env));
    return undefined;
  }
  if (command.name === 'export' || command.name === 'import') {
    process.exitCode = await transfer(command);
    return undefined;
  }
  return start();
};

const start = async () => {
  const config = readConfig(process.env);
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
  process.on('uncaughtException', (error) => {
    log.error('crashed', { id: randomUUID(), ...thrownFields(error) });
    process.exit(1);
  });
  for (const name of unknownSettings(process.env)) {
    log.error('unknown setting', {
      name,
      message: 'It has no effect. Those that have are listed by npm start -- --help.',
    });
  }
  const tracing = config.otlpEndpoint === undefined ? undefined : await startOpenTelemetry(version(), log);
  const shared = config.redisUrl === undefined ? undefined : await connectSharedServer(config.redisUrl, log);
  const upstream = await openUpstream(config, log, tracing?.runs, shared).catch((error: unknown) => {
    shared?.close();
    throw error;
  });
  const stopping = new AbortController();
  const app = createApp({ config, upstream, log, tracing, shared, stopping: stopping.signal });
  const serving = await serve({ ...config, ...app }).catch(async (error: unknown) => {
    await upstream.close();
    shared?.close();
    throw error;
  });
  const close = async () => {
    await upstream.close();
    shared?.close();
    await tracing?.close();
  };
  stopOnSignal({ announce: () => stopping.abort(), finish: serving.stop, close }, log);
  return say(await banner(version(), config, upstream, serving.url));
};

const say = (text: string) => process.stdout.write(`${text}\n`);

/** The errors that tell an operator what to do: a stack would only be in the way. */
const EXPLAINED = [
  UsageError,
  ConfigError,
  ListenError,
  StoreUnavailableError,
  BackupError,
  CopyError,
  TracingUnavailableError,
  McpUnavailableError,
  TransferError,
];

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error && EXPLAINED.some((kind) => error instanceof kind))) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
