import type { RestMetadata } from '../wire/page.ts';
import { apiErrors } from './errors.ts';

/**
 * Metadata after a modification: keys are added and replaced, none is removed; null empties the whole.
 * @throws {ApiError} 400 where the whole would have more than 16 pairs.
 */
export const mergedMetadata = (before: RestMetadata | null, change: RestMetadata | null | undefined): RestMetadata => {
  if (change === null) return {};
  const merged = { ...before, ...change };
  const count = Object.keys(merged).length;
  if (count > 16) throw apiErrors.tooManyMetadata(count);
  return merged;
};
