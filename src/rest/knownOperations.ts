/** For how long it is assumed that an upstream has, or lacks, what it was found to: servers gain operations by updates only. */
const REUSE_MS = 5 * 60_000;

interface Finding {
  readonly exists: Promise<boolean | undefined>;
  /** By `performance.now()`. */
  readonly until: number;
}

/** What has been found out about the operations of one upstream, for all callers: they are the same for everybody. */
export class KnownOperations {
  readonly #paths = new Map<string, Finding>();
  readonly #missing = new Map<string, number>();

  /**
   * Whether the upstream has a path, such as `/threads/{id}`: by `probe`, at most once in five minutes. Undefined if that cannot be
   * found out; if `probe` rejects, the next caller tries again.
   */
  hasPath(pattern: string, probe: () => Promise<boolean | undefined>): Promise<boolean | undefined> {
    const now = performance.now();
    const known = this.#paths.get(pattern);
    if (known !== undefined && now < known.until) return known.exists;
    const exists = probe().catch(() => {
      this.#paths.delete(pattern);
      return undefined;
    });
    this.#paths.set(pattern, { exists, until: now + REUSE_MS });
    return exists;
  }

  /** Whether an operation, such as `POST /threads/runs`, was found to be missing within the last five minutes. */
  isMissing(operation: string): boolean {
    return performance.now() < (this.#missing.get(operation) ?? 0);
  }

  noteMissing(operation: string): void {
    this.#missing.set(operation, performance.now() + REUSE_MS);
  }
}
