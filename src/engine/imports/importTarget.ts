import type { ImportWrites } from '../store/access/imports.ts';
import type { ThreadUsageWrites } from '../store/access/threadUsage.ts';

/** What an import writes to, within a transaction. */
export interface ImportTarget {
  readonly imports: ImportWrites;
  readonly threadUsage: Pick<ThreadUsageWrites, 'add'>;
}
