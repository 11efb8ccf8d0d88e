import type { RestErrorBody } from '../wire/error.ts';
import { metadataLimits } from '../wire/metadata.ts';

/** An error response: its HTTP status, its own headers, and the error envelope as `body`. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly body: RestErrorBody;
  readonly headers: Record<string, string>;

  constructor(status: number, error: Partial<RestErrorBody['error']> & { message: string }, headers = {}) {
    super(error.message);
    this.status = status;
    this.body = { error: { type: 'invalid_request_error', param: null, code: null, ...error } };
    this.headers = headers;
  }
}

/** The kind of object that was not found, as the message names it. */
export type ResourceName =
  | 'assistant'
  | 'thread'
  | 'message'
  | 'run'
  | 'run step'
  | 'file'
  | 'upload'
  | 'vector store'
  | 'file batch';

const badRequest = (message: string) => new HttpError(400, { message });
const invalidValue = (param: string, message: string) => new HttpError(400, { code: 'invalid_value', param, message });
const pythonList = (values: string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`;

/** How many models an error names. */
const mostNamed = 10;
const knownModels = (names: string[]): string => {
  if (names.length === 0) return 'The model endpoint lists none.';
  const others = names.length > mostNamed ? ` and ${names.length - mostNamed} more, which GET /v1/models lists` : '';
  return `Expected one of ${names.slice(0, mostNamed).join(', ')}${others}.`;
};

/** The engine's errors, except those of validation (`validation/validationError.ts`). The texts are those of the hosted API. */
export const httpErrors = {
  unknownRoute: (method: string, path: string) => new HttpError(404, { message: `Invalid URL (${method} ${path})` }),
  wrongMethod: (method: string, path: string, allowed: string[]) =>
    new HttpError(
      405,
      { message: `Not allowed to ${method} on ${path}. (HINT: Perhaps you meant to use ${allowed.join(' or ')}?)` },
      { allow: allowed.join(', ') },
    ),
  betaMissing: () =>
    new HttpError(400, {
      code: 'invalid_beta',
      message:
        "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
    }),
  betaDeprecated: () =>
    new HttpError(400, {
      code: 'invalid_beta',
      message:
        "The v1 Assistants API has been deprecated. Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
    }),
  bodyTooLarge: (limit: number) =>
    new HttpError(413, { message: `Request body too large. Expected at most ${limit} bytes.` }),
  bodyCutShort: () =>
    badRequest('The request body ended early: the connection was closed before all of it had arrived.'),
  formExpected: () =>
    badRequest(
      "Expected a body of the type 'multipart/form-data' with a boundary, as HTML forms and the SDKs send it.",
    ),
  formInvalid: (reason: string) => badRequest(`We could not parse the multipart form data of your request: ${reason}.`),
  notAFile: (param: string) =>
    new HttpError(400, {
      code: 'invalid_type',
      param,
      message: `Invalid type for '${param}': expected a file, but got a string instead.`,
    }),
  missingParameter: (param: string) =>
    new HttpError(400, {
      code: 'missing_required_parameter',
      param,
      message: `Missing required parameter: '${param}'.`,
    }),
  wrongFilename: (param: string, limit: number) =>
    invalidValue(
      param,
      `Invalid '${param}': expected a filename of 1 to ${limit} characters, without control characters.`,
    ),
  twoFiles: (param: string) => invalidValue(param, `Invalid '${param}': expected one file, but got several.`),
  unexpectedFile: (name: string, expected: string) =>
    invalidValue(name, `Unexpected file '${name}'. Only '${expected}' may be a file.`),
  repeatedField: (name: string) => invalidValue(name, `Invalid '${name}': expected one value, but got several.`),
  fieldTooLong: (name: string, limit: number) =>
    invalidValue(name, `Invalid '${name}': expected a name and a value of at most ${limit} bytes.`),
  tooManyParts: (limit: number) => badRequest(`Too many parts in the form. Expected at most ${limit}.`),
  storageFull: (limit: number, used: number) =>
    new HttpError(400, {
      code: 'storage_limit_exceeded',
      message: `Not enough storage for this file: all your files may have ${limit} bytes together, and they have ${used}. Delete files that you no longer need.`,
    }),
  serverStorageFull: () =>
    new HttpError(400, {
      code: 'storage_limit_exceeded',
      message: 'Not enough storage for this file: the files of this server have reached their maximum size.',
    }),
  uploadEnded: (uploadId: string, status: string) =>
    badRequest(`Upload ${uploadId} has the status '${status}'. Expected an upload with the status 'pending'.`),
  tooManyUploadParts: (limit: number) => badRequest(`An upload may have at most ${limit} parts.`),
  unknownPart: (partId: string, uploadId: string) =>
    invalidValue('part_ids', `Invalid 'part_ids': '${partId}' is no part of upload ${uploadId}.`),
  repeatedPart: (partId: string) => invalidValue('part_ids', `Invalid 'part_ids': '${partId}' is in it several times.`),
  wrongUploadSize: (expected: number, got: number) =>
    badRequest(
      `The parts have ${got} bytes together. Expected the ${expected} bytes with which the upload was created.`,
    ),
  wrongMd5: (expected: string, got: string) =>
    invalidValue('md5', `Invalid 'md5': the uploaded content has the checksum ${got}. Expected ${expected}.`),
  fileTooLarge: (limit: number, got: string) =>
    new HttpError(413, {
      code: 'file_too_large',
      message: `File is too large: expected at most ${limit} bytes, but got ${got}.`,
    }),
  bodyNotJson: (reason: string) =>
    badRequest(`We could not parse the JSON body of your request: ${reason}. Expected a JSON object.`),
  bodyMissing: () => badRequest('Missing request body. Expected a JSON object.'),
  bodyNotObject: (got: string) =>
    new HttpError(400, {
      code: 'invalid_type',
      message: `Invalid type for the request body: expected an object, but got ${got} instead.`,
    }),
  wrongIdPrefix: (param: string, id: string, prefix: string) =>
    new HttpError(400, {
      code: 'invalid_value',
      param,
      message: `Invalid '${param}': '${id}'. Expected an ID that begins with '${prefix}'.`,
    }),
  unknownCursor: (param: string, id: string) =>
    new HttpError(400, {
      code: 'invalid_value',
      param,
      message: `Invalid '${param}': '${id}'. Expected the ID of an object in this list.`,
    }),
  notFound: (resource: ResourceName, id: string) =>
    new HttpError(404, { message: `No ${resource} found with id '${id}'.` }),
  tooManyMetadata: (count: number) =>
    new HttpError(400, {
      code: 'object_above_max_properties',
      param: 'metadata',
      message: `Invalid 'metadata': too many properties. Expected an object with at most ${metadataLimits.pairs} properties, but got an object with ${count} properties instead.`,
    }),
  threadFull: (threadId: string, limit: number) =>
    badRequest(`Can't add messages to ${threadId}: a thread holds at most ${limit} messages.`),
  vectorStoreFull: (vectorStoreId: string, limit: number) =>
    badRequest(`Can't add files to ${vectorStoreId}: a vector store holds at most ${limit} files.`),
  vectorStoreExpired: (vectorStoreId: string) =>
    badRequest(`Vector store ${vectorStoreId} has expired. Create another one.`),
  messageDuringRun: (threadId: string, runId: string) =>
    badRequest(`Can't add messages to ${threadId} while a run ${runId} is active.`),
  runDuringRun: (threadId: string, runId: string) =>
    badRequest(`Thread ${threadId} already has an active run ${runId}.`),
  cancelOfEndedRun: (status: string) => badRequest(`Cannot cancel run with status '${status}'.`),
  outputsNotExpected: (status: string) => badRequest(`Runs in status "${status}" do not accept tool outputs.`),
  outputsIncomplete: (expected: string[], got: string[]) =>
    badRequest(`Expected tool outputs for call_ids ${pythonList(expected)}, got ${pythonList(got)}`),
  unknownFunction: (name: string) =>
    new HttpError(400, {
      code: 'invalid_value',
      param: 'tool_choice.function.name',
      message: `Invalid value for 'tool_choice.function.name': '${name}'. Expected the name of one of the run's function tools.`,
    }),
  unknownModel: (name: string, known: string[]) =>
    new HttpError(400, {
      code: 'model_not_found',
      param: 'model',
      message: `The requested model '${name}' does not exist. ${knownModels(known)}`,
    }),
  noModelList: (reason: string) => new HttpError(502, { type: 'server_error', code: 'server_error', message: reason }),
  idempotencyKeyTooLong: (length: number, limit: number) =>
    badRequest(`Invalid 'Idempotency-Key': expected at most ${limit} characters, but got ${length}.`),
  idempotencyKeyReused: () =>
    new HttpError(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_reused',
      message:
        "Keys for idempotent requests can only be used with the method, path and body that they were first used with. Use another 'Idempotency-Key' for another request.",
    }),
  notWritten: (status: 503 | 507, message: string) =>
    new HttpError(status, {
      type: 'server_error',
      code: status === 507 ? 'insufficient_storage' : 'server_error',
      message,
    }),
  overloaded: (message: string) =>
    new HttpError(503, { type: 'server_error', code: 'overloaded', message }, { 'retry-after': '1' }),
  closing: () =>
    new HttpError(503, { type: 'server_error', message: 'The server is shutting down. Please try again later.' }),
  internal: (requestId: string) =>
    new HttpError(500, {
      type: 'server_error',
      code: 'server_error',
      message: `The server had an error processing your request. See its log for request id ${requestId}.`,
    }),
};
