/** A body, piece by piece. */
export interface Chunks {
  /** The next piece; undefined at the end. Rejects if the connection breaks. */
  read(): Promise<Uint8Array | undefined>;
  /** Releases the body at once, also while `read` is pending. */
  cancel(): void;
}

/** Reads a web stream by its reader: its iterator could not be released while a read is pending. */
export const chunksOf = (body: AsyncIterable<Uint8Array> | null): Chunks => {
  if (body === null) return { read: () => Promise.resolve(undefined), cancel: () => {} };
  if (body instanceof ReadableStream) {
    const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
    return {
      read: async () => (await reader.read()).value,
      cancel: () => void reader.cancel().catch(() => {}),
    };
  }
  const iterator = body[Symbol.asyncIterator]();
  return {
    read: async () => {
      const { done, value } = await iterator.next();
      return done === true ? undefined : value;
    },
    cancel: () => void iterator.return?.().catch(() => {}),
  };
};
