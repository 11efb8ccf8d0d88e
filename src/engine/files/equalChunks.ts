/** The bytes of `content` in chunks of `size` bytes; the last one has the rest. A chunk is used until the next one is asked for. */
export async function* equalChunks(content: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const part of content) {
    for (let at = 0; at < part.byteLength; ) {
      const count = Math.min(size - filled, part.byteLength - at);
      chunk.set(part.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled === size) {
        yield chunk;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
