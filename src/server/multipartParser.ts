import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { malformed, type MapLimits } from './multipartMap.ts';

/** The fields `operations` and `map`. */
export const FIELDS = 2;

export interface ParserLimits extends MapLimits {
  /** How many bytes `operations` and `map` may each have, up to 4 MiB. */
  readonly maxBodyBytes: number;
}

/** Fields are read in one turn of the event loop: 16 MiB would take 100 ms. */
const MAX_FIELD_BYTES = 4 * 1024 * 1024;

/** How many bytes a field may have. */
export const fieldLimit = ({ maxBodyBytes }: ParserLimits): number => Math.min(maxBodyBytes, MAX_FIELD_BYTES);

/** The parser for a body. Throws RequestError with status 400 if its type has no valid boundary. */
export const parserFor = ({ headers }: IncomingMessage, parserLimits: ParserLimits): BusboyInstance => {
  const { maxRequestFiles } = parserLimits;
  const { 'content-type': contentType = '' } = headers;
  const limits = {
    fields: FIELDS,
    fieldSize: fieldLimit(parserLimits),
    fieldNameSize: 256,
    files: maxRequestFiles,
    parts: FIELDS + maxRequestFiles,
    headerPairs: 32,
    headerSize: 8 * 1024,
  };
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits, isPartAFile });
  } catch (error) {
    throw malformed(`The content-type of a multipart request is not valid: ${textOf(error)}.`);
  }
};

const isPartAFile = (_name: string | undefined, _type: string | undefined, filename: string | undefined) =>
  filename !== undefined;

export const tooManyFiles = ({ maxRequestFiles }: ParserLimits) =>
  malformed(`The request has too many files. The maximum is ${maxRequestFiles}, as set by MAX_REQUEST_FILES.`);

/** The error of a body that the parser rejects. */
export const unparsable = (error: unknown) => malformed(`The body is not multipart/form-data: ${textOf(error)}.`);

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
