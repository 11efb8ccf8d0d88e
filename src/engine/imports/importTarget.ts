import type { ImportWrites } from '../store/imports.ts';
import type { StoreWrites } from '../store/store.ts';

/** What an import writes to, within a transaction. */
export interface ImportTarget {
  readonly imports: ImportWrites;
  readonly threadUsage: Pick<StoreWrites['threadUsage'], 'add'>;
}
