import { readConfig, secretsOf } from '../cli/config.ts';
import type { ExportCommand, ImportCommand } from '../cli/command.ts';
import { DEFAULT_TENANT } from '../engine/tenant.ts';
import { createLog } from '../observability/log.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { exportEverything } from './export/exportEverything.ts';
import { openSource } from './export/source.ts';
import { importFiles } from './import/importFiles.ts';
import { TransferError } from './transferError.ts';

/** Carries out `export` or `import` with the settings of the environment. Returns the exit code. */
export const transfer = async (command: ExportCommand | ImportCommand): Promise<number> => {
  const config = readConfig(process.env);
  if (command.name === 'import') {
    return importFiles({ ...command, tenant: command.tenant ?? DEFAULT_TENANT, persistence: config });
  }
  const log = createLog({ level: 'error', secrets: secretsOf(config) });
  const source = await openSource(config, command.tenant, log);
  try {
    return await exportEverything({ ...command, rest: source.rest });
  } catch (error) {
    throw explained(error);
  } finally {
    await source.close();
  }
};

/** An error of a REST call as one that says which call it was. */
const explained = (error: unknown): unknown => {
  if (error instanceof ApiError) {
    const { call, status, message } = error;
    return new TransferError(`${call.method} ${call.path} returned ${status}: ${message}`, { cause: error });
  }
  const isOfCall = error instanceof Error && 'call' in error;
  return isOfCall ? new TransferError(error.message, { cause: error }) : error;
};
