import { type CodeOutcome, outputLimits, outputNameOf } from '../codeRunner.ts';
import { LogReader } from './logs.ts';
import { ForgedMessageError, type SandboxMessage } from './messages.ts';

export type SessionOutcome = Omit<CodeOutcome, 'isNewSession'>;

/** Characters of a remark of the sandbox. */
const longestNote = 300;

/** What one call has returned so far. */
export class SandboxCall {
  /** Resolves once the call has ended, in whatever way. */
  readonly outcome: Promise<SessionOutcome>;
  readonly #logs: LogReader;
  readonly #outputs: Omit<SessionOutcome, 'logs'> = { images: [], files: [], notes: [] };
  /** Bytes of files and images. */
  #bytes = 0;
  #isDone = false;
  #resolve: (outcome: SessionOutcome) => void = () => undefined;

  /** `mark` is written before and after what the code writes. */
  constructor(mark: Buffer) {
    this.#logs = new LogReader(mark);
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Adds what the code wrote. Returns false if that is too much. */
  addLogs(chunk: Buffer): boolean {
    const isAllowed = this.#logs.push(chunk);
    this.#resolveIfComplete();
    return isAllowed;
  }

  addNote(note: string): void {
    this.#outputs.notes.push(note.slice(0, longestNote));
  }

  /** @throws {ForgedMessageError} */
  addMessage({ op, name, text, payload }: SandboxMessage): void {
    if (this.#isDone) return;
    const { images, files, notes } = this.#outputs;
    this.#bytes += payload.length;
    const count = images.length + files.length;
    if (this.#bytes > outputLimits.total || Math.max(count, notes.length) > outputLimits.count * 2) {
      throw new ForgedMessageError('too many outputs');
    }
    if (op === 'done') this.#isDone = true;
    else if (op === 'note') this.addNote(text ?? '');
    else if (op === 'image') images.push(payload);
    else if (op === 'file') this.#addFile(name, payload);
    else throw new ForgedMessageError('an unknown message');
    this.#resolveIfComplete();
  }

  /** Ends the call before its code has ended, for a reason that the outcome says. */
  end(reason: string): void {
    this.addNote(reason);
    this.#resolve({ ...this.#outputs, logs: this.#logs.text });
  }

  #addFile(name: string | undefined, content: Buffer) {
    const safe = name === undefined ? undefined : outputNameOf(name);
    if (safe === undefined) this.addNote('A file is not kept: its name has characters that are not allowed.');
    else this.#outputs.files.push({ name: safe, content });
  }

  #resolveIfComplete() {
    if (this.#isDone && this.#logs.hasEnded) this.#resolve({ ...this.#outputs, logs: this.#logs.text });
  }
}
