/**
 * An entry has fewer chunks. Each adds a quarter of its maximum on average at the least: it may end after three quarters, and begins with
 * up to half a chunk of overlap. So 5,000,000 tokens in chunks of 100 are up to 200,000.
 */
export const CHUNKS_PER_ENTRY = 2 ** 18;

/** The key of a chunk: the entry, and the position in it. So all chunks of an entry are one range of keys. */
export const chunkKey = (entry: number, position: number): number => entry * CHUNKS_PER_ENTRY + position;
export const entryOfKey = (key: number): number => Math.floor(key / CHUNKS_PER_ENTRY);
export const positionOfKey = (key: number): number => key % CHUNKS_PER_ENTRY;
