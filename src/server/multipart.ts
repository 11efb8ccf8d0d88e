import type { IncomingMessage } from 'node:http';
import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy';
import { requestError } from '../access/requestError.ts';
import { type OperationParams, paramsIn, parsedWithin } from '../pipeline/params.ts';
import { Upload } from '../rest/upload.ts';
import { BodyCutShort } from './body.ts';
import { ExpectedFiles } from './expectedFiles.ts';
import { fileMapIn, malformed } from './multipartMap.ts';
import { fieldLimit, FIELDS, parserFor, type ParserLimits, tooManyFiles, unparsable } from './multipartParser.ts';
import { type RequestSpool, type Spool, tooLarge } from './spool.ts';
import { allowSlowBody } from './slowBodies.ts';
import { withResolvers } from './withResolvers.ts';

export interface MultipartLimits extends ParserLimits {
  /** How many bytes all files of a request may have together. */
  readonly maxRequestFileBytes: number;
}

/** A request of several parts, while its files arrive. */
export interface MultipartRequest {
  /** The operation. The variables that are files are Uploads. */
  readonly params: OperationParams;
  /** Resolves once all files have arrived. Rejects with RequestError if one of them is missing, unknown or too large. */
  readonly received: Promise<void>;
  /** Stops reading, and deletes the files. */
  readonly close: () => Promise<void>;
}

/**
 * Reads a request by the multipart request specification (https://github.com/jaydenseric/graphql-multipart-request-spec): the
 * fields `operations` and `map`, then the files. Resolves when both fields have been read, so that an operation that is refused
 * need not be received as a whole. Rejects with RequestError and BodyCutShort.
 */
export const readMultipart = async (
  request: IncomingMessage,
  spool: Spool,
  limits: MultipartLimits,
): Promise<MultipartRequest> => {
  const { maxBodyBytes, maxRequestFileBytes } = limits;
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > FIELDS * maxBodyBytes + maxRequestFileBytes) throw tooLarge(maxRequestFileBytes);
  const reading = new Reading(request, spool.forRequest(), limits);
  const close = () => reading.close();
  try {
    return { params: await reading.params, received: reading.received, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const fieldTooLong = (name: string, limit: number) =>
  requestError(413, 'BAD_USER_INPUT', `The field ${JSON.stringify(name.slice(0, 80))} is longer than ${limit} bytes.`);

const [OPERATIONS, MAP] = ['The field `operations`', 'The field `map`'];

class Reading {
  readonly #request: IncomingMessage;
  readonly #limits: MultipartLimits;
  readonly #parser: BusboyInstance;
  readonly #params = withResolvers<OperationParams>();
  readonly #received = withResolvers<void>();
  readonly #files: ExpectedFiles;
  #operations: { readonly json: unknown } | undefined;
  #hasMap = false;

  constructor(request: IncomingMessage, spool: RequestSpool, limits: MultipartLimits) {
    this.#request = request;
    this.#limits = limits;
    this.#files = new ExpectedFiles(spool, (error) => this.#fail(error));
    this.#parser = parserFor(request, limits);
    this.#parser
      .on('field', (name, value, _isNameCut, isCut) => this.#try(() => this.#field(name, value, isCut)))
      .on('file', (name, content, filename, _encoding, mediaType) => this.#file(name, content, filename, mediaType))
      .on('fieldsLimit', () => this.#fail(malformed('The request must have the fields `operations` and `map` only.')))
      .on('filesLimit', () => this.#fail(tooManyFiles(limits)))
      .on('partsLimit', () => this.#fail(tooManyFiles(limits)))
      .on('error', (error) => this.#fail(unparsable(error)))
      .on('finish', () => this.#try(() => this.#finish()));
    const cutShort = () => {
      if (!request.complete) this.#fail(new BodyCutShort());
    };
    request.once('error', cutShort).once('close', cutShort);
    if (request.destroyed) cutShort();
    request.pipe(this.#parser);
  }

  get params(): Promise<OperationParams> {
    return this.#params.promise;
  }

  get received(): Promise<void> {
    return this.#received.promise;
  }

  async close(): Promise<void> {
    this.#fail(new BodyCutShort());
    await this.#files.remove();
  }

  #field(name: string, value: string, isCut: boolean) {
    if (isCut) throw fieldTooLong(name, fieldLimit(this.#limits));
    if (name === 'operations' && this.#operations === undefined) {
      this.#operations = { json: parsedWithin(value, OPERATIONS) };
    } else if (name === 'map' && !this.#hasMap) {
      if (this.#operations === undefined) throw malformed('The field `operations` must come before `map`.');
      this.#hasMap = true;
      const { json } = this.#operations;
      for (const [file, places] of fileMapIn(parsedWithin(value, MAP), json, this.#limits)) {
        const upload = new Upload(this.#files.expect(file));
        for (const place of places) place.put(upload);
      }
      // The fields must arrive like any other body; the files may take as long as they need.
      allowSlowBody(this.#request);
      this.#params.resolve(paramsIn(json));
    } else {
      throw malformed(
        `The request has an unexpected field ${JSON.stringify(name.slice(0, 80))}: it must have the fields \`operations\` and \`map\`, each once, and then the files.`,
      );
    }
  }

  #file(name: string, content: BusboyFileStream, filename: string, mediaType: string) {
    // The parser emits the error of a body that ends early on the stream too, when nobody may be reading it.
    content.on('error', () => {});
    if (this.#hasMap) return this.#files.take(name, content, filename, mediaType);
    content.resume();
    return this.#fail(malformed('The files must come after the fields `operations` and `map`.'));
  }

  #finish() {
    if (!this.#hasMap) throw malformed('The request must have the fields `operations` and `map`.');
    this.#files.complete().then(this.#received.resolve, (error: unknown) => this.#fail(error));
  }

  #try(step: () => void) {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Stops reading. Only the first failure counts, and none after the end. */
  #fail(error: unknown) {
    this.#params.reject(error);
    this.#received.reject(error);
    this.#files.stop(error);
    // Without a reader the rest of the body would keep the client from reading the response.
    this.#request.unpipe(this.#parser).resume();
  }
}
