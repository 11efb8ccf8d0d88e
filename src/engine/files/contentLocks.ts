/**
 * Runs `work` when no other work for the same content runs. A reference to a content is added together with the content, and a
 * content is removed together with the check that nothing refers to it: were both to run at once, a file could lose its content.
 */
type WithContent = <Result>(sha256: string, work: () => Promise<Result>) => Promise<Result>;

/** Locks of this process, by SHA-256. */
export const contentLocks = (): WithContent => {
  const latest = new Map<string, Promise<unknown>>();
  return async (sha256, work) => {
    const before = latest.get(sha256);
    const done = (before ?? Promise.resolve()).then(work);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    latest.set(sha256, settled);
    try {
      return await done;
    } finally {
      if (latest.get(sha256) === settled) latest.delete(sha256);
    }
  };
};
