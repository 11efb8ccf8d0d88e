import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { UploadedFile } from './upload.ts';

/** The body of a request that is sent from a stream, once for each attempt. */
export interface StreamedBody {
  readonly contentType: string;
  /** In bytes. */
  readonly length: number;
  readonly open: () => Readable;
}

/** A form with one file as `multipart/form-data` (RFC 7578), of which the content of the file is never held in memory. */
export const formBody = (
  fields: Readonly<Record<string, string>>,
  fileField: string,
  file: UploadedFile,
): StreamedBody => {
  const boundary = `form-${randomUUID()}`;
  const part = (disposition: string) => `--${boundary}\r\ncontent-disposition: form-data; ${disposition}`;
  const texts = Object.entries(fields).map(([name, value]) => `${part(`name="${escaped(name)}"`)}\r\n\r\n${value}\r\n`);
  const fileHead = `${part(`name="${escaped(fileField)}"; filename="${escaped(file.filename)}"`)}\r\ncontent-type: ${mediaTypeOf(file)}\r\n\r\n`;
  const head = Buffer.from(texts.join('') + fileHead);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.length + file.bytes + tail.length,
    open: () => Readable.from(joined(head, file, tail), { objectMode: false }),
  };
};

async function* joined(head: Buffer, { open }: UploadedFile, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  yield* open();
  yield tail;
}

/** As browsers escape names in forms: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
const escaped = (name: string) => name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');

const mediaTypeOf = ({ mediaType }: UploadedFile) =>
  /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream';
