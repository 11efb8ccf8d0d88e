import { BackupError, backUpDataFile } from '../engine/store/sqlite/backup.ts';
import type { Config } from './config.ts';

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Backs up the data file of the settings to `target`. Returns the line to print.
 * @throws {BackupError}
 */
export const backup = ({ baseUrl, databaseUrl, dataPath }: Config, target: string): string => {
  if (baseUrl !== undefined) {
    throw new BackupError('There is no data file: ASSISTANTS_BASE_URL is set, and all data is at that server.');
  }
  if (databaseUrl !== undefined) throw new BackupError('There is no data file: DATABASE_URL is set. Use pg_dump.');
  if (dataPath === ':memory:') throw new BackupError('There is no data file: DATA_PATH is :memory:.');
  return `${dataPath} is backed up to ${target} (${megabytes(backUpDataFile(dataPath, target))}).`;
};
