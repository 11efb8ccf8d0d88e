import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { httpErrors } from '../httpErrors.ts';
import type { EngineRequest } from '../engineRequest.ts';

/** What a form with one file may have in addition to the content of the file. */
const limits = {
  fields: 20,
  /** In bytes. */
  fieldSize: 16 * 1024,
  fieldNameSize: 256,
  /** The second one is an error. */
  files: 2,
  parts: 22,
  headerPairs: 32,
  headerSize: 8 * 1024,
};

/** A file of a form, whose content has been stored. */
export interface FormFile<Stored> {
  /** Without a path. */
  filename: string;
  stored: Stored;
}

/** A form: its fields by name, and its file if it has one. */
export interface Form<Stored> {
  fields: ReadonlyMap<string, string>;
  file: FormFile<Stored> | undefined;
}

export interface FormReading<Stored> {
  /** The name of the file's part. No other file is allowed. */
  fileParam: string;
  /** Called with the content of the file while it arrives. */
  store: (content: AsyncIterable<Uint8Array>) => Promise<Stored>;
  /** Called if the form turns out to be invalid after the content was stored. */
  discard: (stored: Stored) => Promise<void>;
  /** Ends the reading when it is aborted. */
  closing: AbortSignal;
}

/**
 * Reads a body of the type `multipart/form-data` as it arrives (RFC 7578). Fields may come before and after the file.
 * @throws {HttpError} 400 for a body that is not such a form or ends early, and 503 once `closing` is aborted
 */
export const readForm = async <Stored>(
  request: EngineRequest,
  { fileParam, store, discard, closing }: FormReading<Stored>,
): Promise<Form<Stored>> => {
  const parser = parserFor(request);
  const failure = failureOnce();
  const fields = new Map<string, string>();
  const files: { filename: string; stored: Promise<Stored>; stop: (error: Error) => void }[] = [];

  parser
    .on('file', (name, content, filename) => {
      // The parser emits the error of a body that ends early on the stream too, when nobody may be reading it.
      content.on('error', () => undefined);
      if (name !== fileParam || files.length > 0) {
        content.resume();
        return failure.fail(
          name === fileParam ? httpErrors.twoFiles(name) : httpErrors.unexpectedFile(name, fileParam),
        );
      }
      const stored = store(content);
      stored.catch(failure.fail);
      files.push({ filename, stored, stop: (error) => content.destroy(error) });
    })
    .on('field', (name, value, isNameCut, isValueCut) => {
      if (isNameCut || isValueCut) return failure.fail(httpErrors.fieldTooLong(name, limits.fieldSize));
      if (name === fileParam) return failure.fail(httpErrors.notAFile(name));
      if (fields.has(name)) return failure.fail(httpErrors.repeatedField(name));
      fields.set(name, value);
    })
    .on('fieldsLimit', () => failure.fail(httpErrors.tooManyParts(limits.fields)))
    .on('partsLimit', () => failure.fail(httpErrors.tooManyParts(limits.parts)))
    .on('error', (error) =>
      failure.fail(httpErrors.formInvalid(error instanceof Error ? error.message : String(error))),
    );

  const close = () => failure.fail(httpErrors.closing());
  closing.addEventListener('abort', close, { once: true });
  if (closing.aborted) close();
  try {
    await failure.race(pass(request, parser, failure));
    const [file] = files;
    return { fields, file: file && { filename: file.filename, stored: await file.stored } };
  } catch (error) {
    // Lets the storing end, which waits for the rest of the content.
    for (const { stop, stored } of files) {
      stop(error instanceof Error ? error : new Error(String(error)));
      await stored.then(discard, () => undefined);
    }
    throw error;
  } finally {
    closing.removeEventListener('abort', close);
  }
};

/** Passes the body to the parser, only as fast as the content is stored. */
const pass = async (request: EngineRequest, parser: BusboyInstance, { race }: Failure): Promise<void> => {
  const { body } = request;
  const stream = body instanceof ReadableStream ? body : new Blob(body === null ? [] : [body]).stream();
  const reader = stream.getReader();
  const read = () =>
    reader.read().catch(() => {
      throw httpErrors.bodyCutShort();
    });
  try {
    for (let chunk = await race(read()); !chunk.done; chunk = await race(read())) {
      if (!parser.write(chunk.value)) await race(eventOf(parser, 'drain'));
    }
    const finished = eventOf(parser, 'finish');
    parser.end();
    await race(finished);
  } finally {
    // After the end it does nothing. It must not be waited for: the client may send nothing more.
    reader.cancel().catch(() => undefined);
  }
};

const eventOf = (parser: BusboyInstance, name: 'drain' | 'finish') =>
  new Promise<void>((resolve) => {
    parser.once(name, () => resolve());
  });

interface Failure {
  fail: (error: unknown) => void;
  /** Rejects with the first failure, if that comes before the result. */
  race: <Result>(result: Promise<Result>) => Promise<Result>;
}

const failureOnce = (): Failure => {
  const failure = new AbortController();
  return {
    fail: (error) => failure.abort(error),
    race: (result) =>
      new Promise((resolve, reject) => {
        const { signal } = failure;
        const rejectNow = () => reject(signal.reason as Error);
        if (signal.aborted) rejectNow();
        signal.addEventListener('abort', rejectNow, { once: true });
        result.then(resolve, reject).finally(() => signal.removeEventListener('abort', rejectNow));
      }),
  };
};

/** @throws {HttpError} 400 */
const parserFor = ({ headers }: EngineRequest): BusboyInstance => {
  const contentType = headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/iu.test(contentType)) throw httpErrors.formExpected();
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits,
      isPartAFile: (_name, _type, filename) => filename !== undefined,
    });
  } catch {
    throw httpErrors.formExpected();
  }
};
