import { connect, type Socket } from 'node:net';
import type { WorkRequest } from '../request.ts';

/** What came back. */
export interface Reply {
  readonly status: number;
  /** All of it: head and body. */
  readonly bytes: number;
  readonly body: () => string;
}

const HEAD_END = '\r\n\r\n';
const CHUNKS_END = Buffer.from('0\r\n\r\n');

/**
 * One kept-alive connection that sends one request after the other. It is written on a bare socket, since a client that
 * costs as much as the server would set the pace of both.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #expected: number | 'chunked' | undefined;
  #settle:
    | {
        resolve: (reply: Reply) => void;
        reject: (error: Error) => void;
        onChunk?: ((chunk: Buffer) => void) | undefined;
      }
    | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket.setNoDelay(true);
    this.#host = host;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () =>
      this.#settle?.reject(new Error(`${host} closed the connection before its response was complete`)),
    );
  }

  /** `url`: such as `http://127.0.0.1:4000`. */
  static open(url: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Connection(socket.off('error', reject), host)));
    });
  }

  /** The bytes of a request, to be sent as often as wanted. */
  bytesOf({ method, path, body, accept = 'application/json', headers = {} }: WorkRequest): Buffer {
    const lines = [`${method} ${path} HTTP/1.1`, `host: ${this.#host}`, `accept: ${accept}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (body !== undefined) {
      lines.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`);
    }
    return Buffer.from(`${lines.join('\r\n')}${HEAD_END}${body ?? ''}`);
  }

  /** `onChunk` gets each piece of the response as it arrives. */
  send(request: Buffer, onChunk?: (chunk: Buffer) => void): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject, onChunk };
      this.#socket.write(request);
    });
  }

  close() {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer) {
    this.#settle?.onChunk?.(chunk);
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#expected ??= this.#announced();
    if (this.#expected === undefined) return;
    // Inside JSON there is no raw line break, so the last chunk of a body cannot be mistaken.
    const complete =
      this.#expected === 'chunked'
        ? (chunk.length < CHUNKS_END.length ? this.#joined() : chunk).subarray(-CHUNKS_END.length).equals(CHUNKS_END)
        : this.#bytes >= this.#expected;
    if (complete) this.#finish();
  }

  /** How many bytes head and body will have, once the head is there. */
  #announced(): number | 'chunked' | undefined {
    const start = this.#joined();
    const headEnd = start.indexOf(HEAD_END);
    if (headEnd === -1) return undefined;
    const [, length] = /\r\ncontent-length: *(\d+)/i.exec(start.toString('latin1', 0, headEnd)) ?? [];
    return length === undefined ? 'chunked' : headEnd + HEAD_END.length + Number(length);
  }

  #joined(): Buffer {
    const joined = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    return joined ?? Buffer.concat(this.#chunks);
  }

  #finish() {
    const [whole, settle, chunked] = [this.#joined(), this.#settle, this.#expected === 'chunked'];
    this.#chunks = [];
    this.#bytes = 0;
    this.#expected = undefined;
    this.#settle = undefined;
    settle?.resolve({
      status: Number(whole.toString('latin1', 9, 12)),
      bytes: whole.length,
      body: () => bodyOf(whole, chunked),
    });
  }
}

const bodyOf = (whole: Buffer, chunked: boolean): string => {
  const body = whole.subarray(whole.indexOf(HEAD_END) + HEAD_END.length);
  if (!chunked) return body.toString('utf8');
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (size === 0) break;
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts).toString('utf8');
};
