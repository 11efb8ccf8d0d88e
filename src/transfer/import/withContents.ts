import { createHash } from 'node:crypto';
import type { StoredContent } from '../../engine/files/heldContents.ts';
import { contentPartIn, fileIdIn } from './contentPart.ts';
import type { InputValue } from './inputValue.ts';

/** A value, and the name of the input that has it. */
export interface NamedValue {
  readonly file: string;
  readonly value: InputValue;
}

/** A value to import. That of a file has its content, if the input has it. */
export interface CompleteValue extends NamedValue {
  readonly content?: StoredContent;
}

/** Stores a content as it is read. Rejects with the error of `content` if that throws. */
type StoreContent = (fileId: string, content: AsyncIterable<Uint8Array>) => Promise<StoredContent>;

/** The lines of a content are not all of it. The message is the end of a sentence about its file. */
class IncompleteContentError extends Error {
  override readonly name = 'IncompleteContentError';
}

/** Values of which the latest one can be looked at before it is taken. */
class Lookahead {
  readonly #values: AsyncIterator<NamedValue>;
  current: NamedValue | undefined;

  constructor(values: AsyncIterable<NamedValue>) {
    this.#values = values[Symbol.asyncIterator]();
  }

  async advance(): Promise<void> {
    const { done, value } = await this.#values.next();
    this.current = done === true ? undefined : value;
  }

  /** The part of the content of a file that is next, if any is. */
  partOf(fileId: string) {
    const part = this.current === undefined ? undefined : contentPartIn(this.current.value);
    return part?.file_id === fileId ? part : undefined;
  }

  async end(): Promise<void> {
    await this.#values.return?.();
  }
}

/** The content of a file, read from the parts that are next. Throws IncompleteContentError at its end, if it is not whole. */
async function* contentOf(values: Lookahead, fileId: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  let sha256: string | undefined;
  for (let part = values.partOf(fileId); part !== undefined; part = values.partOf(fileId)) {
    const line = values.current?.value.line ?? 0;
    const bytes = Buffer.from(part.data, 'base64');
    const isNext = part.offset === size && sha256 === undefined && (bytes.length > 0 || part.sha256 !== undefined);
    if (!isNext) throw new IncompleteContentError(`whose content goes on wrongly in line ${line}`);
    hash.update(bytes);
    size += bytes.length;
    sha256 = part.sha256;
    await values.advance();
    yield bytes;
  }
  if (sha256 === undefined)
    throw new IncompleteContentError(`whose content ends after ${size} bytes, before its last line`);
  if (sha256 !== hash.digest('hex'))
    throw new IncompleteContentError('whose content is damaged: its SHA-256 is another one');
}

/**
 * The values of an input, with the contents of files stored. The lines of a content follow the line of its file. They are read one at
 * a time, so that a content of any size takes the memory of one line.
 */
export async function* withContents(
  input: AsyncIterable<NamedValue>,
  store: StoreContent,
): AsyncGenerator<CompleteValue> {
  const values = new Lookahead(input);
  /** The file whose content is being skipped, which has been reported. */
  let skipped: string | undefined;
  try {
    await values.advance();
    for (let named = values.current; named !== undefined; named = values.current) {
      const { file, value } = named;
      const fileId = fileIdIn(value);
      const part = contentPartIn(value);
      await values.advance();
      if (part !== undefined) {
        if (part.file_id !== skipped) {
          const problem = `is content of the file ${JSON.stringify(part.file_id)}, which is not before it`;
          yield { file, value: { line: value.line, problem } };
        }
        skipped = part.file_id;
      } else if (fileId === undefined || values.partOf(fileId) === undefined) yield named;
      else {
        try {
          yield { ...named, content: await store(fileId, contentOf(values, fileId)) };
        } catch (error) {
          if (!(error instanceof IncompleteContentError)) throw error;
          skipped = fileId;
          yield { file, value: { line: value.line, problem: `is file ${fileId}, ${error.message}` } };
        }
      }
    }
  } finally {
    await values.end();
  }
}
