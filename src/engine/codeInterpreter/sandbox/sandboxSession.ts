import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { CodeRunnerError, type InputFile, inputLimits, outputLimits, tooLargeNote } from '../codeRunner.ts';
import { FrozenProcess } from './frozenProcess.ts';
import type { SandboxLimits } from './limits.ts';
import { ForgedMessageError, MessageReader } from './messages.ts';
import { readableAt, writableAt } from './pipes.ts';
import { SandboxCall, type SessionOutcome } from './sandboxCall.ts';

/** Milliseconds in which an interpreter has to start. */
const startMs = 10_000;
const markBytes = 16;
/** Characters of an error of the set-up. */
const longestError = 300;

/** One interpreter in a sandbox, with its variables and files. It runs one call at a time. */
export class SandboxSession {
  readonly #child: ChildProcess;
  readonly #limits: SandboxLimits;
  readonly #requests: Writable;
  readonly #output: Readable;
  readonly #responses: Readable;
  readonly #frozen: FrozenProcess;
  readonly #messages = new MessageReader();
  readonly #placed = new Set<string>();
  readonly #exited: Promise<unknown>;
  readonly #ready: Promise<void>;
  #errors = '';
  #isNew = true;
  #call: SandboxCall | undefined;
  #endReason: string | undefined;
  #onReady: (() => void) | undefined;

  /** Takes over the process of a sandbox. */
  constructor(child: ChildProcess, limits: SandboxLimits) {
    const errors = readableAt(child, 2);
    this.#child = child;
    this.#limits = limits;
    this.#output = readableAt(child, 1);
    this.#requests = writableAt(child, 3);
    this.#responses = readableAt(child, 4);
    this.#frozen = new FrozenProcess(readableAt(child, 6));
    this.#exited = new Promise((resolve) => {
      child.once('close', resolve);
      child.once('error', resolve);
    });
    this.#requests.on('error', () => undefined);
    errors.on('data', (chunk: Buffer) => {
      if (this.#errors.length < longestError) this.#errors += chunk.toString('utf8');
    });
    this.#output.on('data', (chunk: Buffer) => this.#onOutput(chunk));
    this.#responses.on('data', (chunk: Buffer) => this.#onResponses(chunk));
    child.once('close', () => this.#end('The code ended the interpreter.'));
    child.once('error', (error) => this.#end(error.message));
    this.#ready = this.#starting();
    this.#ready.catch(() => undefined);
  }

  /** Whether it can run more calls. */
  get isAlive(): boolean {
    return this.#endReason === undefined;
  }

  /** Whether it has got no code yet. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Rejects with `CodeRunnerError` if the interpreter does not start. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /**
   * Runs a call. Rejects as `CodeRunner` does, or with the error of a file that cannot be read. If the call has to be
   * ended, so is the session.
   */
  async run(code: string, files: readonly InputFile[], signal: AbortSignal): Promise<SessionOutcome> {
    await this.#ready;
    signal.throwIfAborted();
    const mark = randomBytes(markBytes);
    const call = new SandboxCall(mark);
    this.#call = call;
    this.#isNew = false;
    let unsent: unknown;
    const seconds = this.#limits.callMs / 1000;
    const late = setTimeout(() => this.#end(`The code was ended after ${seconds} seconds.`), this.#limits.callMs);
    const onAbort = () => this.#end('The run has ended.');
    signal.addEventListener('abort', onAbort);
    try {
      this.#thaw();
      this.#send(code, files, mark).catch((error: unknown) => {
        unsent = error;
        this.#end('The code could not be sent.');
      });
      const outcome = await call.outcome;
      if (!this.isAlive) await this.#exited;
      signal.throwIfAborted();
      if (unsent !== undefined) throw unsent;
      return outcome;
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', onAbort);
      this.#call = undefined;
      this.freeze();
    }
  }

  /** Stops all threads of the sandbox until the next call, so that nothing goes on in between. */
  freeze(): void {
    if (!this.isAlive) return;
    this.#output.pause();
    this.#responses.pause();
    this.#frozen.stop();
  }

  /** Ends the interpreter and everything in its sandbox. */
  async close(): Promise<void> {
    this.#end('The session has ended.');
    await this.#exited;
  }

  async #starting(): Promise<void> {
    const started = new Promise<void>((resolve) => {
      this.#onReady = resolve;
    });
    const late = setTimeout(() => this.#end('The interpreter did not start.'), startMs);
    await Promise.race([started, this.#exited]);
    clearTimeout(late);
    if (!this.isAlive) throw new CodeRunnerError(this.#errors.trim() || this.#endReason);
  }

  #thaw() {
    this.#output.resume();
    this.#responses.resume();
    this.#frozen.resume();
  }

  async #send(code: string, files: readonly InputFile[], mark: Buffer) {
    for (const { id, name, bytes, read } of files) {
      if (this.#placed.has(id)) continue;
      this.#placed.add(id);
      if (bytes > inputLimits.file) {
        this.#call?.addNote(tooLargeNote(name));
        continue;
      }
      await this.#write(`${JSON.stringify({ op: 'put', name, bytes })}\n`);
      for await (const chunk of read()) await this.#write(chunk);
    }
    const source = Buffer.from(code);
    await this.#write(`${JSON.stringify({ op: 'run', mark: mark.toString('hex'), bytes: source.length })}\n`);
    await this.#write(source);
  }

  async #write(data: string | Uint8Array) {
    if (this.isAlive && !this.#requests.write(data)) {
      await Promise.race([once(this.#requests, 'drain'), this.#exited]);
    }
  }

  #onOutput(chunk: Buffer) {
    if (this.#call?.addLogs(chunk) !== false) return;
    this.#end(`The code was ended: it wrote more than ${outputLimits.logs / 1024} KiB.`);
  }

  #onResponses(chunk: Buffer) {
    try {
      for (const message of this.#messages.push(chunk)) {
        if (message.op === 'ready') this.#onReady?.();
        else this.#call?.addMessage(message);
      }
    } catch (error) {
      if (!(error instanceof ForgedMessageError)) throw error;
      this.#end('The code was ended: it broke the interpreter.');
    }
  }

  /** Ends the process, for a reason that the outcome of the call in progress says. */
  #end(reason: string) {
    if (this.#endReason !== undefined) return;
    this.#endReason = reason;
    this.#kill();
    this.#call?.end(reason);
  }

  /** While it starts, bubblewrap's second process does not end with the first yet, but is in its process group. */
  #kill() {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // It is not the leader of a group, or has ended.
    }
    this.#child.kill('SIGKILL');
    for (const pipe of this.#child.stdio) pipe?.destroy();
  }
}
