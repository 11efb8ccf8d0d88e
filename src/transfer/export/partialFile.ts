import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { TransferError } from '../transferError.ts';
import type { Page } from './inOrder.ts';

/** Where an earlier export goes on. */
export interface Continuation {
  /** The value of `object` of what is exported next. */
  readonly object: string;
  /** The id of the last such object that is complete in the output; undefined if none is. */
  readonly after: string | undefined;
}

/** Where an export is written. */
export interface ExportOutput {
  /** Undefined for an export from the beginning. */
  readonly continuation: Continuation | undefined;
  write(page: Page): Promise<void>;
  /** Ends a complete export. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

const LINE_FEED = 0x0a;

/** The mode of a new file: only its owner can read the conversations in it. */
const ownerOnly = 0o600;

/** What is kept of an interrupted export: all before the last object of `objects`, since what belongs to that may be incomplete. */
interface Kept {
  /** In bytes. */
  readonly size: number;
  readonly continuation: Continuation | undefined;
}

const keptOf = async (path: string, objects: readonly string[]): Promise<Kept> => {
  const beginnings = objects.map((object) => ({ object, text: Buffer.from(`"object":"${object}"`) }));
  /** The object if the line is one of `objects`. Within others the text would have to be that of a key and a value. */
  const beginningIn = (line: Buffer): { object: string; id: string } | undefined => {
    const found = beginnings.find(({ text }) => line.includes(text));
    if (found === undefined) return undefined;
    const value: unknown = JSON.parse(line.toString());
    const isOne = typeof value === 'object' && value !== null && 'object' in value && value.object === found.object;
    return isOne && 'id' in value && typeof value.id === 'string' ? { object: found.object, id: value.id } : undefined;
  };
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  let last: { object: string; id: string } | undefined;
  let kept: Kept = { size: 0, continuation: undefined };
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      const begun = beginningIn(bytes.subarray(start, end));
      if (begun !== undefined) {
        const after = last?.object === begun.object ? last.id : undefined;
        kept = { size: offset + start, continuation: { object: begun.object, after } };
        last = begun;
      }
      start = end + 1;
    }
    offset += start;
    rest = bytes.subarray(start);
  }
  return kept;
};

const textOf = ({ lines }: Page) => lines.map((line) => `${line}\n`).join('');

/**
 * Writes to `path` with the ending `.partial`, which is removed once the export is complete. If there is such a file, its export
 * is continued after the last of `objects` that is complete. Throws TransferError if `path` exists.
 */
export const openPartialFile = async (path: string, objects: readonly string[]): Promise<ExportOutput> => {
  if (existsSync(path)) throw new TransferError(`${path} exists; give another name, or delete it first.`);
  const partial = `${path}.partial`;
  const kept: Kept = existsSync(partial) ? await keptOf(partial, objects) : { size: 0, continuation: undefined };
  let file: FileHandle;
  try {
    file = await open(partial, 'a', ownerOnly);
  } catch (error) {
    throw new TransferError(`${partial} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  await file.truncate(kept.size);
  return {
    continuation: kept.continuation,
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
    continuation: undefined,
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
