import { createHash } from 'node:crypto';

/**
 * A part of a file's content, as a line of an export. The lines of a content follow the line of its file, in order. They are in the
 * export itself and not in files next to it, so that one pipe moves everything; base64 makes them a third larger than the content.
 */
export interface ContentLine {
  object: 'file.content';
  file_id: string;
  /** Bytes of the content before this part. */
  offset: number;
  /** In base64. */
  data: string;
  /** Of the whole content, in hexadecimal digits. Only the last line of a content has it. */
  sha256?: string | undefined;
}

/** Bytes of a content in each of its lines but the last. The same content has the same lines, however it arrives. */
export const contentLineBytes = 384 * 1024;

/** The lines of a content, without their ends. Holds the bytes of one line, and a chunk of the content. */
export async function* contentLines(fileId: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const hash = createHash('sha256');
  let offset = 0;
  const lineOf = (bytes: Buffer, sha256?: string) => {
    const line: ContentLine = {
      object: 'file.content',
      file_id: fileId,
      offset,
      data: bytes.toString('base64'),
      sha256,
    };
    offset += bytes.length;
    return JSON.stringify(line);
  };
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    parts.push(chunk);
    size += chunk.length;
    // What may be the last line waits for the end.
    if (size <= contentLineBytes) continue;
    let waiting = Buffer.concat(parts, size);
    for (; waiting.length > contentLineBytes; waiting = waiting.subarray(contentLineBytes)) {
      yield lineOf(waiting.subarray(0, contentLineBytes));
    }
    parts = [waiting];
    size = waiting.length;
  }
  yield lineOf(Buffer.concat(parts, size), hash.digest('hex'));
}
