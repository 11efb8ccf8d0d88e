import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Duplex, Readable, Writable } from 'node:stream';
import { type CodeOutcome, CodeRunnerError, type InputFile, outputLimits, outputNameOf } from '../codeRunner.ts';
import { FrozenProcess } from './frozenProcess.ts';
import { largestFile, type SandboxLimits } from './limits.ts';
import { LogReader } from './logs.ts';
import { ForgedMessageError, MessageReader, type SandboxMessage } from './messages.ts';

/** Milliseconds in which an interpreter has to start. */
const startMs = 10_000;
const markBytes = 16;
const longestNote = 300;

export type SessionOutcome = Omit<CodeOutcome, 'isNewSession'>;

interface Call {
  logs: LogReader;
  outcome: Omit<CodeOutcome, 'logs' | 'isNewSession'>;
  /** Bytes of files and images. */
  bytes: number;
  isDone: boolean;
  resolve: (outcome: SessionOutcome) => void;
}

const pipeAt = ({ stdio }: ChildProcess, fd: number) => {
  const pipes: readonly (Readable | Writable | null | undefined)[] = stdio;
  return pipes[fd];
};

const readableAt = (child: ChildProcess, fd: number): Readable => {
  const pipe = pipeAt(child, fd);
  if (pipe instanceof Readable) return pipe;
  throw new Error(`the process has no pipe ${fd} to read`);
};

const writableAt = (child: ChildProcess, fd: number): Writable => {
  const pipe = pipeAt(child, fd);
  if (pipe instanceof Duplex || pipe instanceof Writable) return pipe;
  throw new Error(`the process has no pipe ${fd} to write`);
};

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
  #call: Call | undefined;
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
      if (this.#errors.length < longestNote) this.#errors += chunk.toString('utf8');
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

  /** Rejects with `CodeRunnerError` if the interpreter does not start. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Runs a call. Rejects as `CodeRunner` does. If the call has to be ended, so is the session. */
  async run(code: string, files: readonly InputFile[], signal: AbortSignal): Promise<SessionOutcome> {
    await this.#ready;
    signal.throwIfAborted();
    const mark = randomBytes(markBytes);
    const outcome = new Promise<SessionOutcome>((resolve) => {
      const empty = { images: [], files: [], notes: [] };
      this.#call = { logs: new LogReader(mark), outcome: empty, bytes: 0, isDone: false, resolve };
    });
    const seconds = this.#limits.callMs / 1000;
    const late = setTimeout(() => this.#end(`The code was ended after ${seconds} seconds.`), this.#limits.callMs);
    const onAbort = () => this.#end('The run has ended.');
    signal.addEventListener('abort', onAbort);
    try {
      this.#thaw();
      this.#send(code, files, mark).catch((error: unknown) => this.#end(String(error)));
      const result = await outcome;
      if (!this.isAlive) await this.#exited;
      signal.throwIfAborted();
      return result;
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
      if (bytes > largestFile) {
        this.#call?.outcome.notes.push(
          `The file ${name} is larger than ${largestFile / 1024 ** 2} MiB: it is missing.`,
        );
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
    if (this.#call?.logs.push(chunk) === false) {
      return this.#end(`The code was ended: it wrote more than ${outputLimits.logs / 1024} KiB.`);
    }
    this.#resolveIfComplete();
  }

  #onResponses(chunk: Buffer) {
    try {
      for (const message of this.#messages.push(chunk)) this.#onMessage(message);
    } catch (error) {
      if (!(error instanceof ForgedMessageError)) throw error;
      this.#end('The code was ended: it broke the interpreter.');
    }
    this.#resolveIfComplete();
  }

  #onMessage({ op, name, text, payload }: SandboxMessage) {
    if (op === 'ready') return this.#onReady?.();
    const call = this.#call;
    if (call === undefined || call.isDone) return;
    const { images, files, notes } = call.outcome;
    call.bytes += payload.length;
    const count = images.length + files.length;
    const isTooMuch = call.bytes > outputLimits.total || count > outputLimits.count * 2;
    if (isTooMuch || notes.length > outputLimits.count) throw new ForgedMessageError('too many outputs');
    if (op === 'done') call.isDone = true;
    else if (op === 'note') notes.push((text ?? '').slice(0, longestNote));
    else if (op === 'image') images.push(payload);
    else if (op === 'file') {
      const safe = name === undefined ? undefined : outputNameOf(name);
      if (safe === undefined) notes.push('A file is not kept: its name has characters that are not allowed.');
      else files.push({ name: safe, content: payload });
    } else throw new ForgedMessageError('an unknown message');
  }

  #resolveIfComplete() {
    const call = this.#call;
    if (call?.isDone !== true || !call.logs.hasEnded) return;
    call.resolve({ ...call.outcome, logs: call.logs.text });
  }

  /** Ends the process, for a reason that the outcome of the call in progress says. */
  #end(reason: string) {
    if (this.#endReason !== undefined) return;
    this.#endReason = reason;
    this.#child.kill('SIGKILL');
    const call = this.#call;
    call?.resolve({ ...call.outcome, logs: call.logs.text, notes: [...call.outcome.notes, reason] });
  }
}
