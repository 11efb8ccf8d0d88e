import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { TransferError } from '../transferError.ts';
import type { Page } from './inOrder.ts';

/** Where an export is written. */
export interface ExportOutput {
  /** Whether an earlier export is continued, which has got beyond what precedes the threads. */
  readonly isContinued: boolean;
  /** The last thread that is complete in the output; undefined if none is. */
  readonly after: string | undefined;
  write(page: Page): Promise<void>;
  /** Ends a complete export. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

const THREAD = Buffer.from('"object":"thread"');
const LINE_FEED = 0x0a;

/** The mode of a new file: only its owner can read the conversations in it. */
const ownerOnly = 0o600;

interface Kept {
  /** The size of what is kept, in bytes: all before the last thread, which may be incomplete. */
  size: number;
  after: string | undefined;
  hasThreads: boolean;
}

/** Which part of an interrupted export is kept. */
const keptOf = async (path: string): Promise<Kept> => {
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  let last: string | undefined;
  const kept: Kept = { size: 0, after: undefined, hasThreads: false };
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      const id = threadIdOf(bytes.subarray(start, end));
      if (id !== undefined) Object.assign(kept, { size: offset + start, after: last, hasThreads: true });
      last = id ?? last;
      start = end + 1;
    }
    offset += start;
    rest = bytes.subarray(start);
  }
  return kept;
};

/** The id if the line is a thread. Within other objects the text would have to be that of a key and a value. */
const threadIdOf = (line: Buffer): string | undefined => {
  if (!line.includes(THREAD)) return undefined;
  const object: unknown = JSON.parse(line.toString());
  const isThread = typeof object === 'object' && object !== null && 'object' in object && object.object === 'thread';
  return isThread && 'id' in object && typeof object.id === 'string' ? object.id : undefined;
};

const textOf = ({ lines }: Page) => lines.map((line) => `${line}\n`).join('');

/**
 * Writes to `path` with the ending `.partial`, which is removed once the export is complete. If there is such a file, its export
 * is continued after the last thread that is complete. Throws TransferError if `path` exists.
 */
export const openPartialFile = async (path: string): Promise<ExportOutput> => {
  if (existsSync(path)) throw new TransferError(`${path} exists; give another name, or delete it first.`);
  const partial = `${path}.partial`;
  const exists = existsSync(partial);
  const { size, after, hasThreads } = exists ? await keptOf(partial) : { size: 0, after: undefined, hasThreads: false };
  let file: FileHandle;
  try {
    file = await open(partial, 'a', ownerOnly);
  } catch (error) {
    throw new TransferError(`${partial} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  await file.truncate(size);
  return {
    isContinued: hasThreads,
    after,
    write: (page) => file.appendFile(textOf(page)),
    finish: async () => {
      await file.sync();
      await file.close();
      await rename(partial, path);
    },
    close: () => file.close(),
  };
};

/** Writes to a stream such as standard output. An interrupted export cannot be continued. */
export const streamOutput = (stream: NodeJS.WritableStream): ExportOutput => {
  stream.on('error', () => undefined); // `write` reports it.
  return {
    isContinued: false,
    after: undefined,
    write: (page) =>
      new Promise((resolve, reject) => {
        stream.write(textOf(page), (error) =>
          error ? reject(new TransferError(`The output cannot be written: ${error.message}`)) : resolve(),
        );
      }),
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
};
