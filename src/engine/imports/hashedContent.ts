import { createHash } from 'node:crypto';
import type { StoredContent } from '../files/heldContents.ts';

/** What a content would be stored as. */
export const hashedContent = async (content: AsyncIterable<Uint8Array>): Promise<StoredContent> => {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
};
