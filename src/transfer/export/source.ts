import { existsSync } from 'node:fs';
import type { Config } from '../../cli/config.ts';
import { openEngine } from '../../engine/engine.ts';
import { DEFAULT_TENANT, type Tenant } from '../../engine/tenant.ts';
import type { Log } from '../../observability/log.ts';
import { clientOf } from '../../rest/client.ts';
import { ManualCancellation } from '../../rest/cancellation.ts';
import { createEndpoint } from '../../rest/endpoint.ts';
import { FairQueue } from '../../rest/fairQueue.ts';
import type { Fetch } from '../../rest/fetch.ts';
import { createRest, type Rest } from '../../rest/rest.ts';
import { openUpstream } from '../../server/upstream.ts';
import { TransferError } from '../transferError.ts';

/** What is exported. */
export interface ExportSource {
  readonly rest: Rest;
  close(): Promise<void>;
}

/**
 * The upstream of the settings, with their limits and retries; without ASSISTANTS_BASE_URL the database of the embedded engine,
 * or its data file, which no server may be using.
 * @throws {TransferError} @throws {StoreUnavailableError}
 */
export const openSource = async (config: Config, tenant: Tenant | undefined, log: Log): Promise<ExportSource> => {
  if (config.baseUrl === undefined) return engineSource(config, tenant ?? DEFAULT_TENANT);
  if (tenant !== undefined) {
    throw new TransferError(
      '--tenant is for data files; an upstream knows the tenant by the credentials that it gets.',
    );
  }
  const upstream = await openUpstream(config, log);
  const { timeoutMs, maxRetries, maxConcurrentCalls } = upstream;
  const cancellation = new ManualCancellation();
  const queue = maxConcurrentCalls === undefined ? undefined : new FairQueue(maxConcurrentCalls);
  const client = clientOf(createEndpoint(upstream), {
    timeoutMs,
    maxRetries,
    cancellation,
    queue: queue?.clientQueue(cancellation),
  });
  return { rest: createRest(client), close: () => upstream.close() };
};

const engineSource = async ({ dataPath, databaseUrl, timeoutMs }: Config, tenant: Tenant): Promise<ExportSource> => {
  if (databaseUrl === undefined && !existsSync(dataPath)) {
    throw new TransferError(
      `There is no data file ${dataPath}. Set DATA_PATH to that of a stopped server, or ASSISTANTS_BASE_URL to a running one.`,
    );
  }
  const engine = await openEngine({ dataPath, databaseUrl, startsWorkers: false });
  const fetch: Fetch = (url, { cancellation, ...init }) =>
    engine.fetch(new Request(url, { ...init, signal: cancellation.signal }), tenant);
  const client = clientOf(createEndpoint({ baseUrl: 'http://engine.local/v1', fetch }), { timeoutMs });
  return { rest: createRest(client), close: () => engine.close() };
};
