import { startPostgres, type PostgresServer } from '../../test/support/postgresServer.ts';
import { queryDatabase } from '../../test/support/databases.ts';
import { type Balancer, hasNginx, startBalancer } from './balancer.ts';
import { type ModelServer, startModelServer } from './modelServer.ts';
import { type Replica, startReplica } from './replica.ts';
import { startRoundRobin } from './roundRobin.ts';
import { type StallingProxy, startStallingProxy } from './stallingProxy.ts';

export interface WorldOptions {
  readonly replicas: number;
  /** What a completion of the model takes. */
  readonly completionMs: number;
  /** Settings of each replica in addition to those of the database and the model. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of postgresql.conf. */
  readonly database?: Readonly<Record<string, string>>;
}

/** Replicas of the built server on one PostgreSQL, each with a proxy between it and the database, and nginx in front of them. */
export interface World {
  readonly postgres: PostgresServer;
  readonly databaseUrl: string;
  readonly model: ModelServer;
  readonly replicas: readonly Replica[];
  /** Between each replica and the database. */
  readonly proxies: readonly StallingProxy[];
  readonly balancer: Balancer;
  stop(): Promise<void>;
}

const databaseName = 'replicas';

/** Settings of the server for a model that `startModelServer` has started. */
export const modelEnv = (model: ModelServer) => ({ MODEL_BASE_URL: model.url, LOG_LEVEL: 'error' });

const throughPort = (databaseUrl: string, port: number): string => {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
};

/** As PostgreSQL runs by default, but for the number of connections. */
const defaults = { max_connections: '200' };

export const startWorld = async ({ replicas: count, completionMs, env, database }: WorldOptions): Promise<World> => {
  const postgres = await startPostgres({ ...defaults, ...database });
  await queryDatabase(postgres.url(), `create database ${databaseName}`);
  const databaseUrl = postgres.url(databaseName);
  const model = await startModelServer(completionMs);
  const each = Array.from({ length: count }, (_, index) => index);
  const proxies = await Promise.all(each.map(() => startStallingProxy(Number(new URL(databaseUrl).port))));
  const replicas = await Promise.all(
    proxies.map(({ port }, index) =>
      startReplica(`replica ${index}`, {
        DATABASE_URL: throughPort(databaseUrl, port),
        ...modelEnv(model),
        ...env,
      }),
    ),
  );
  const balancer = await (hasNginx() ? startBalancer : startRoundRobin)(replicas.map(({ port }) => port));
  return {
    postgres,
    databaseUrl,
    model,
    replicas,
    proxies,
    balancer,
    stop: async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await balancer.stop();
      await Promise.all(proxies.map((proxy) => proxy.close()));
      model.close();
      await postgres.stop();
    },
  };
};
