import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { banner } from './cli/banner.ts';
import { commandOf, UsageError } from './cli/command.ts';
import { type Config, ConfigError, readConfig, secretsOf, unknownSettings } from './cli/config.ts';
import { StoreUnavailableError } from './engine/store/unavailable.ts';
import { createApp } from './server/app.ts';
import { ListenError, type Serving, serve } from './server/serve.ts';
import { helpTable } from './cli/settingsTable.ts';
import { createLog, type Log, thrownFields } from './observability/log.ts';
import { withoutNodes } from './schema/federation.ts';
import { createSchema } from './schema/index.ts';
import { subgraphSdl } from './schema/subgraphSdl.ts';
import { openUpstream, type Upstream } from './server/upstream.ts';

/** How long requests under way may take to finish once the process is told to stop. Containers are killed after 10 s. */
const GRACE_MS = 8000;

/** Signals that come this close together are one press of Ctrl-C, which npm hands down a second time. */
const SAME_PRESS_MS = 500;

const PARENT_CHECK_MS = 500;

const version = (): string => JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;

const help = () => `assistants-graphql ${version()}: one GraphQL graph over the whole Assistants API.

  assistants-graphql                        serve, as the environment says; so does npm start
  assistants-graphql schema [--subgraph]    print the graph with its federation directives, for a schema registry;
                                            with --subgraph as it is served when SUBGRAPH is on
  assistants-graphql --help                 this text
  assistants-graphql --version              the version

Settings, by environment variable:

${helpTable()}`;

const main = async (args: string[]) => {
  const command = commandOf(args);
  if (command.name === 'help') return say(help());
  if (command.name === 'version') return say(version());
  if (command.name === 'schema')
    return say(subgraphSdl(command.subgraph ? withoutNodes(createSchema()) : createSchema()));
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
  const upstream = await openUpstream(config, log);
  const stopping = new AbortController();
  const serving = await listen(config, upstream, log, stopping.signal).catch(async (error: unknown) => {
    await upstream.close();
    throw error;
  });
  stopOnSignal(stopping, serving, upstream, log);
  return say(banner(version(), config, upstream, serving.url));
};

const listen = async (config: Config, upstream: Upstream, log: Log, stopping: AbortSignal): Promise<Serving> => {
  const { listener, webSockets } = createApp({ config, upstream, log, stopping });
  return serve({ ...config, listener, webSockets });
};

const stopOnSignal = (stopping: AbortController, serving: Serving, upstream: Upstream, log: Log) => {
  let firstAt: number | undefined;
  const stop = async (signal: string) => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > SAME_PRESS_MS) process.exit(1);
      return;
    }
    firstAt = performance.now();
    log.info('stopping', {
      signal,
      graceMs: GRACE_MS,
      message: 'Requests under way may finish; a second signal ends them.',
    });
    stopping.abort();
    await serving.stop(GRACE_MS);
    await upstream.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));
  whenNpmHasEnded(() => void stop('end of npm'));
};

/**
 * npx starts a command by a shell, and a signal to npx ends only that shell: the server would be left behind. Started by npm,
 * it therefore stops when its parent has ended. Windows does not report that.
 */
const whenNpmHasEnded = (stop: () => void) => {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS);
  timer.unref();
};

const say = (text: string) => process.stdout.write(`${text}\n`);

/** The errors that tell an operator what to do: a stack would only be in the way. */
const EXPLAINED = [UsageError, ConfigError, ListenError, StoreUnavailableError];

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error && EXPLAINED.some((kind) => error instanceof kind))) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
