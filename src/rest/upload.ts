import type { Readable } from 'node:stream';

/** A file that a client has uploaded. Its content can be read any number of times. */
export interface UploadedFile {
  readonly filename: string;
  /** As the client declared it, such as `text/markdown`. */
  readonly mediaType: string;
  readonly bytes: number;
  readonly open: () => Readable;
}

/** The value of a variable that is a file. The file is there once the request has arrived as a whole. */
export class Upload {
  readonly file: Promise<UploadedFile>;

  constructor(file: Promise<UploadedFile>) {
    this.file = file;
  }
}

/** How much longer than other calls the sending of a file may take, in milliseconds: as over a line of 1 MiB a second. */
export const uploadMs = ({ bytes }: Pick<UploadedFile, 'bytes'>): number => Math.ceil((bytes / 1024 ** 2) * 1000);
