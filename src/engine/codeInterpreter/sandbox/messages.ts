import { outputLimits } from '../codeRunner.ts';

/** A message of the program in the sandbox. None of it can be trusted. */
export interface SandboxMessage {
  op: string;
  /** Path of a file. */
  name?: string;
  text?: string;
  payload: Buffer;
}

/** The sandbox sent what its program never sends. */
export class ForgedMessageError extends Error {
  override readonly name = 'ForgedMessageError';
}

const longestHeader = 4096;
const lineFeed = 0x0a;

const headerOf = (line: Buffer): { op: string; bytes: number; name?: string; text?: string } => {
  let header: unknown;
  try {
    header = JSON.parse(line.toString('utf8'));
  } catch {
    throw new ForgedMessageError('a header is no JSON');
  }
  if (typeof header !== 'object' || header === null || !('op' in header) || !('bytes' in header)) {
    throw new ForgedMessageError('a header lacks a member');
  }
  const { op, bytes } = header;
  if (typeof op !== 'string' || typeof bytes !== 'number' || !Number.isInteger(bytes) || bytes < 0) {
    throw new ForgedMessageError('a header has a wrong member');
  }
  if (bytes > outputLimits.file) throw new ForgedMessageError('a payload is too large');
  return {
    op,
    bytes,
    ...('name' in header && typeof header.name === 'string' && { name: header.name }),
    ...('text' in header && typeof header.text === 'string' && { text: header.text }),
  };
};

/** Takes messages from a stream of bytes, as `harness.ts` describes them. */
export class MessageReader {
  #pieces: Buffer[] = [];
  #length = 0;
  #header: ReturnType<typeof headerOf> | undefined;

  /** The messages that `chunk` completes. @throws {ForgedMessageError} */
  push(chunk: Buffer): SandboxMessage[] {
    this.#pieces.push(chunk);
    this.#length += chunk.length;
    const messages: SandboxMessage[] = [];
    for (let message = this.#next(); message !== undefined; message = this.#next()) messages.push(message);
    return messages;
  }

  #next(): SandboxMessage | undefined {
    this.#header ??= this.#takeHeader();
    if (this.#header === undefined || this.#length < this.#header.bytes) return undefined;
    const { bytes, ...header } = this.#header;
    this.#header = undefined;
    return { ...header, payload: this.#take(bytes) };
  }

  #takeHeader() {
    const all = this.#joined();
    const end = all.indexOf(lineFeed);
    if ((end === -1 ? all.length : end) > longestHeader) throw new ForgedMessageError('a header is too long');
    if (end === -1) return undefined;
    const line = this.#take(end + 1);
    return headerOf(line);
  }

  #joined(): Buffer {
    const [only = Buffer.alloc(0), ...more] = this.#pieces;
    const all = more.length === 0 ? only : Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }

  #take(bytes: number): Buffer {
    const all = this.#joined();
    this.#pieces = [all.subarray(bytes)];
    this.#length = all.length - bytes;
    return all.subarray(0, bytes);
  }
}
