import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { compose } from './compose.ts';
import { type Running, start } from './processes.ts';

export type Gateway = 'apollo' | 'hive';

export interface SupergraphOptions {
  readonly gateway: Gateway;
  /** The port of the gateway. Any free port by default. */
  readonly port?: number;
  /** How Hive Gateway gets subscriptions from the subgraph. */
  readonly subscriptions?: 'sse' | 'ws';
  /** More settings of the assistants subgraph. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Supergraph extends Running {
  readonly subgraphs: { readonly assistants: string; readonly users: string };
}

const here = fileURLToPath(new URL('.', import.meta.url));

/** Starts both subgraphs, composes them into `supergraph.graphql`, and starts the gateway over it. */
export const startSupergraph = async (options: SupergraphOptions): Promise<Supergraph> => {
  const secret = randomBytes(24).toString('base64url');
  const running: Running[] = [];
  const stop = async () => {
    await Promise.all(running.map((each) => each.stop()));
  };
  try {
    const assistants = await startAssistants(secret, options.env);
    running.push(assistants);
    const users = await startUsers();
    running.push(users);

    const sdl = await compose([
      { name: 'assistants', url: assistants.url, headers: { 'router-authorization': secret } },
      { name: 'users', url: users.url },
    ]);
    await writeFile(`${here}supergraph.graphql`, sdl);

    const gateway = await startGateway(options, secret);
    running.unshift(gateway);
    return { url: gateway.url, stop, subgraphs: { assistants: assistants.url, users: users.url } };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** This repository's server. In a project of your own the command is `npx assistants-graphql`. */
const startAssistants = (secret: string, env: Readonly<Record<string, string>> = {}) =>
  start({
    command: process.execPath,
    args: ['../../bin/assistants-graphql.js'],
    cwd: here,
    env: { PORT: '0', DATA_PATH: ':memory:', SUBGRAPH: 'on', ROUTER_SECRET: secret, LOG_LEVEL: 'error', ...env },
    ready: (written) => written.match(/(http:\S+\/graphql)\n/)?.[1],
  });

const startUsers = () =>
  start({
    command: process.execPath,
    args: ['--import', 'tsx', 'users/server.ts'],
    cwd: here,
    env: { PORT: '0' },
    ready: (written) => written.match(/users at (\S+)/)?.[1],
  });

const startGateway = async ({ gateway, port, subscriptions = 'sse' }: SupergraphOptions, secret: string) => {
  const chosen = port ?? (await freePort());
  const env = {
    PORT: String(chosen),
    ROUTER_SECRET: secret,
    SUBSCRIPTIONS: subscriptions,
    SUPERGRAPH: `${here}supergraph.graphql`,
  };
  if (gateway === 'apollo') {
    return start({
      command: process.execPath,
      args: ['--import', 'tsx', 'apollo.ts'],
      cwd: here,
      env,
      ready: (written) => written.match(/@apollo\/gateway at (\S+)/)?.[1],
    });
  }
  return start({
    command: process.execPath,
    args: ['node_modules/@graphql-hive/gateway/dist/bin.js', 'supergraph', '--host', '127.0.0.1'],
    cwd: `${here}hive`,
    env,
    ready: (written) => (/Listening on/.test(written) ? `http://127.0.0.1:${chosen}/graphql` : undefined),
  });
};

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
