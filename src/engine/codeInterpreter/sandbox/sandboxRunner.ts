import type { ChildProcess } from 'node:child_process';
import { type CodeOutcome, type CodeRequest, type CodeRunner, CodeRunnerError } from '../codeRunner.ts';
import type { SandboxLimits } from './limits.ts';
import { SandboxSession } from './sandboxSession.ts';

export interface SandboxRunnerOptions {
  name: string;
  limits: SandboxLimits;
  /** Milliseconds after its last call until a session ends. */
  idleMs: number;
  /** Maximum number of sessions at once, the one that is kept ready not included. */
  maxSessions: number;
  /** Starts the process of a sandbox. `number` differs for sandboxes at the same time. */
  start: (limits: SandboxLimits, number: number) => ChildProcess;
}

interface OpenSession {
  session: SandboxSession;
  /** Ends with the last of its calls, which run one after the other. */
  calls: Promise<unknown>;
  waiting: number;
  idle: NodeJS.Timeout | undefined;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const settled = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => undefined);

/** Runs code in sandboxes on this machine, one for each session. One sandbox is kept ready, so that no call waits for a start. */
export class SandboxRunner implements CodeRunner {
  readonly name: string;
  readonly problem = undefined;
  readonly #options: SandboxRunnerOptions;
  readonly #sessions = new Map<string, OpenSession>();
  /** Calls that wait for a session to become idle. The first is signalled. */
  readonly #waiting = new Set<AbortController>();
  readonly #ending = new Set<Promise<unknown>>();
  #started = 0;
  #spare: SandboxSession | undefined;
  #isClosed = false;

  constructor(options: SandboxRunnerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Starts the sandbox that is kept ready. Rejects with `CodeRunnerError` if none can be started. */
  async warmUp(): Promise<void> {
    if (this.#isClosed) return;
    this.#spare ??= this.#start();
    const spare = this.#spare;
    await spare.ready();
    if (spare === this.#spare) spare.freeze();
  }

  async run(request: CodeRequest, signal: AbortSignal): Promise<CodeOutcome> {
    for (;;) {
      const outcome = await this.#runIn(await this.#sessionFor(request.sessionId, signal), request, signal);
      if (outcome !== undefined) return outcome;
    }
  }

  /** Undefined if an earlier call has ended the session. */
  async #runIn(
    open: OpenSession,
    { sessionId, code, files }: CodeRequest,
    signal: AbortSignal,
  ): Promise<CodeOutcome | undefined> {
    const { session } = open;
    const call = settled(open.calls).then(async (): Promise<CodeOutcome | undefined> => {
      if (!session.isAlive) return undefined;
      const isNewSession = session.isNew;
      return { ...(await session.run(code, await files(isNewSession), signal)), isNewSession };
    });
    open.calls = call;
    try {
      return await call;
    } finally {
      open.waiting -= 1;
      this.#onCallEnd(sessionId, open);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const spare = this.#spare;
    this.#spare = undefined;
    for (const id of this.#sessions.keys()) this.#remove(id);
    for (const waiting of this.#waiting) waiting.abort();
    await spare?.close();
    await Promise.all(this.#ending);
  }

  async #sessionFor(id: string, signal: AbortSignal): Promise<OpenSession> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#isClosed) throw new CodeRunnerError('The server is stopping.');
      const open = this.#sessions.get(id);
      if (open?.session.isAlive === true) return this.#taken(open);
      if (open !== undefined) this.#remove(id);
      if (this.#hasRoom()) return this.#taken(this.#open(id));
      await this.#untilIdle(signal);
    }
  }

  /** Keeps the session from being ended until its call has ended. */
  #taken(open: OpenSession): OpenSession {
    open.waiting += 1;
    clearTimeout(open.idle);
    return open;
  }

  /** Whether there is room for one more session. Ends the session that has been idle for longest if that makes room. */
  #hasRoom(): boolean {
    if (this.#sessions.size < this.#options.maxSessions) return true;
    const [idle] = [...this.#sessions].find(([, { waiting }]) => waiting === 0) ?? [];
    if (idle === undefined) return false;
    this.#remove(idle);
    return true;
  }

  async #untilIdle(signal: AbortSignal): Promise<void> {
    const idle = new AbortController();
    this.#waiting.add(idle);
    await aborted(AbortSignal.any([signal, idle.signal]));
    this.#waiting.delete(idle);
    // The run has ended: the session that has become idle is for the next call.
    if (signal.aborted && idle.signal.aborted) this.#wakeFirst();
  }

  #open(id: string): OpenSession {
    const session = this.#spare?.isAlive === true ? this.#spare : this.#start();
    this.#spare = undefined;
    const open: OpenSession = { session, calls: Promise.resolve(), waiting: 0, idle: undefined };
    this.#sessions.set(id, open);
    void settled(session.ready().then(() => this.warmUp()));
    return open;
  }

  #start(): SandboxSession {
    this.#started += 1;
    try {
      return new SandboxSession(this.#options.start(this.#options.limits, this.#started), this.#options.limits);
    } catch (error) {
      throw new CodeRunnerError(error instanceof Error ? error.message : String(error));
    }
  }

  #onCallEnd(id: string, open: OpenSession) {
    if (open.waiting > 0) return;
    if (this.#sessions.get(id) === open) {
      // The sessions are in the order of their last calls.
      this.#sessions.delete(id);
      if (open.session.isAlive) this.#sessions.set(id, open);
    }
    open.idle = setTimeout(() => this.#remove(id), this.#options.idleMs);
    open.idle.unref();
    this.#wakeFirst();
  }

  /** Lets the call that has waited for longest look for an idle session. */
  #wakeFirst() {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first);
    first.abort();
  }

  #remove(id: string) {
    const open = this.#sessions.get(id);
    if (open === undefined) return;
    this.#sessions.delete(id);
    clearTimeout(open.idle);
    const ending = open.session.close();
    this.#ending.add(ending);
    void settled(ending).finally(() => this.#ending.delete(ending));
  }
}
