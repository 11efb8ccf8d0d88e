import type { Readable } from 'node:stream';
import type { UploadedFile } from '../rest/upload.ts';
import { malformed } from './multipartMap.ts';
import type { RequestSpool, SpooledFile } from './spool.ts';
import { withResolvers } from './withResolvers.ts';

interface ExpectedFile extends ReturnType<typeof withResolvers<UploadedFile>> {
  hasArrived: boolean;
}

/** The files that `map` names, by the names of their parts, until all of them have arrived. */
export class ExpectedFiles {
  readonly #spool: RequestSpool;
  readonly #fail: (error: unknown) => void;
  readonly #expected = new Map<string, ExpectedFile>();
  readonly #arriving = new Set<Readable>();
  readonly #spooled: Promise<SpooledFile>[] = [];

  /** `fail` is called with the first error of a file. */
  constructor(spool: RequestSpool, fail: (error: unknown) => void) {
    this.#spool = spool;
    this.#fail = fail;
  }

  /** The file of this name, once it has arrived. */
  expect(name: string): Promise<UploadedFile> {
    const expected = { ...withResolvers<UploadedFile>(), hasArrived: false };
    this.#expected.set(name, expected);
    return expected.promise;
  }

  /** Receives the content of a file. */
  take(name: string, content: Readable, filename: string, mediaType: string): void {
    const expected = this.#expected.get(name);
    if (expected === undefined || expected.hasArrived) {
      content.resume();
      this.#fail(
        malformed(
          expected === undefined
            ? `The file ${shown(name)} is not in \`map\`.`
            : `The request has the file ${shown(name)} twice.`,
        ),
      );
      return;
    }
    expected.hasArrived = true;
    this.#arriving.add(content);
    const spooled = this.#spool.write(content).finally(() => this.#arriving.delete(content));
    this.#spooled.push(spooled);
    spooled.then(({ bytes, open }) => expected.resolve({ filename, mediaType, bytes, open }), this.#fail);
  }

  /** Resolves once all files are stored; to be called at the end of the body. Throws RequestError if one is missing. */
  async complete(): Promise<void> {
    const missing = [...this.#expected].find(([, { hasArrived }]) => !hasArrived);
    if (missing !== undefined) throw malformed(`The request has no file ${shown(missing[0])}, which \`map\` names.`);
    await Promise.all(this.#spooled);
  }

  /** Ends the receiving. What has not arrived will not. */
  stop(error: unknown): void {
    for (const { reject } of this.#expected.values()) reject(error);
    for (const content of this.#arriving) content.destroy(error instanceof Error ? error : new Error(String(error)));
  }

  /** Deletes what has arrived; to be called after `stop`. */
  async remove(): Promise<void> {
    const results = await Promise.allSettled(this.#spooled);
    const files = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(files.map((file) => file.close()));
  }
}

const shown = (name: string) => JSON.stringify(name.slice(0, 80));
