import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestError } from '../access/requestError.ts';
import type { UploadedFile } from '../rest/upload.ts';

export interface SpoolLimits {
  /** How many bytes all files of one request may have together. */
  readonly maxRequestFileBytes: number;
  /** How many bytes the files of all requests may have together. */
  readonly maxSpooledBytes: number;
}

/** A file in the temporary folder of this machine. */
export interface SpooledFile extends Pick<UploadedFile, 'bytes' | 'open'> {
  /** Deletes it. */
  readonly close: () => Promise<void>;
}

/** Keeps uploaded files in the temporary folder until their operation has ended, within limits for all requests together. */
export class Spool {
  readonly #limits: SpoolLimits;
  #bytes = 0;

  constructor(limits: SpoolLimits) {
    this.#limits = limits;
  }

  /** How many bytes it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  /** For the files of one request. */
  forRequest(): RequestSpool {
    let own = 0;
    const { maxRequestFileBytes, maxSpooledBytes } = this.#limits;
    const add = (bytes: number) => {
      own += bytes;
      this.#bytes += bytes;
      if (own > maxRequestFileBytes) throw tooLarge(maxRequestFileBytes);
      if (this.#bytes > maxSpooledBytes) throw noRoom();
    };
    const remove = (bytes: number) => {
      own -= bytes;
      this.#bytes -= bytes;
    };
    return { write: (content) => spooled(content, add, remove) };
  }
}

export interface RequestSpool {
  /** Resolves once all of the content is written. Rejects as reading it does, and with RequestError if it exceeds a limit. */
  readonly write: (content: AsyncIterable<Uint8Array>) => Promise<SpooledFile>;
}

export const tooLarge = (limit: number) =>
  requestError(
    413,
    'BAD_USER_INPUT',
    `The files of a request may have ${limit} bytes together (MAX_REQUEST_FILE_BYTES).`,
  );

const noRoom = () =>
  requestError(503, 'OVERLOADED', 'The uploads that are under way have too many bytes (MAX_SPOOLED_BYTES).', {
    'retry-after': '1',
  });

const spooled = async (
  content: AsyncIterable<Uint8Array>,
  add: (bytes: number) => void,
  remove: (bytes: number) => void,
): Promise<SpooledFile> => {
  const file = await nameless();
  let bytes = 0;
  const close = async () => {
    await file.close();
    remove(bytes);
  };
  try {
    for await (const piece of content) {
      bytes += piece.length;
      add(piece.length);
      await file.writeFile(piece); // after what was written before
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { bytes, open: () => file.createReadStream({ start: 0, autoClose: false }), close };
};

/** An open file without a name: it is gone once it is closed, even if the process is killed. */
const nameless = async (): Promise<FileHandle> => {
  const path = join(tmpdir(), `assistants-graphql-upload-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
};
