import { metadataLimits } from '../wire/metadata.ts';
import type { RestMetadata } from '../wire/page.ts';
import { httpErrors } from './httpErrors.ts';

/**
 * Metadata after a modification: keys are added and replaced, none is removed; null removes all.
 * @throws {HttpError} 400 if the result exceeds `metadataLimits.pairs`.
 */
export const mergedMetadata = (before: RestMetadata | null, change: RestMetadata | null | undefined): RestMetadata => {
  if (change === null) return {};
  const merged = { ...before, ...change };
  const count = Object.keys(merged).length;
  if (count > metadataLimits.pairs) throw httpErrors.tooManyMetadata(count);
  return merged;
};
