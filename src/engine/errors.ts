import type { RestErrorBody } from '../wire/error.ts';

/** A refusal with its HTTP status; `body` is the envelope that goes out. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
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

/** What a "not found" is about, as its message names it. */
export type ResourceName = 'assistant' | 'thread' | 'message' | 'run' | 'run step';

const refusal = (message: string) => new ApiError(400, { message });
const pythonList = (values: string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`;

/** Every refusal of the engine except those of a body's or a query's shape, which `validation/refusal.ts` words. Texts follow the hosted API's. */
export const apiErrors = {
  unknownRoute: (method: string, path: string) => new ApiError(404, { message: `Invalid URL (${method} ${path})` }),
  wrongMethod: (method: string, path: string, allowed: string[]) =>
    new ApiError(
      405,
      { message: `Not allowed to ${method} on ${path}. (HINT: Perhaps you meant to use ${allowed.join(' or ')}?)` },
      { allow: allowed.join(', ') },
    ),
  betaMissing: () =>
    new ApiError(400, {
      code: 'invalid_beta',
      message:
        "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
    }),
  betaDeprecated: () =>
    new ApiError(400, {
      code: 'invalid_beta',
      message:
        "The v1 Assistants API has been deprecated. Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
    }),
  bodyTooLarge: (limit: number) =>
    new ApiError(413, { message: `Request body too large. Expected at most ${limit} bytes.` }),
  bodyNotJson: (reason: string) =>
    refusal(`We could not parse the JSON body of your request: ${reason}. Expected a JSON object.`),
  bodyMissing: () => refusal('Missing request body. Expected a JSON object.'),
  bodyNotObject: (got: string) =>
    new ApiError(400, {
      code: 'invalid_type',
      message: `Invalid type for the request body: expected an object, but got ${got} instead.`,
    }),
  wrongIdPrefix: (param: string, id: string, prefix: string) =>
    new ApiError(400, {
      code: 'invalid_value',
      param,
      message: `Invalid '${param}': '${id}'. Expected an ID that begins with '${prefix}'.`,
    }),
  unknownCursor: (param: string, id: string) =>
    new ApiError(400, {
      code: 'invalid_value',
      param,
      message: `Invalid '${param}': '${id}'. Expected the ID of an object in this list.`,
    }),
  notFound: (resource: ResourceName, id: string) =>
    new ApiError(404, { message: `No ${resource} found with id '${id}'.` }),
  tooManyMetadata: (count: number) =>
    new ApiError(400, {
      code: 'object_above_max_properties',
      param: 'metadata',
      message: `Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with ${count} properties instead.`,
    }),
  threadFull: (threadId: string, limit: number) =>
    refusal(`Can't add messages to ${threadId}: a thread holds at most ${limit} messages.`),
  messageDuringRun: (threadId: string, runId: string) =>
    refusal(`Can't add messages to ${threadId} while a run ${runId} is active.`),
  runDuringRun: (threadId: string, runId: string) => refusal(`Thread ${threadId} already has an active run ${runId}.`),
  cancelEnded: (status: string) => refusal(`Cannot cancel run with status '${status}'.`),
  outputsNotWanted: (status: string) => refusal(`Runs in status "${status}" do not accept tool outputs.`),
  outputsIncomplete: (expected: string[], got: string[]) =>
    refusal(`Expected tool outputs for call_ids ${pythonList(expected)}, got ${pythonList(got)}`),
  unknownFunction: (name: string) =>
    new ApiError(400, {
      code: 'invalid_value',
      param: 'tool_choice.function.name',
      message: `Invalid value for 'tool_choice.function.name': '${name}'. Expected the name of one of the run's function tools.`,
    }),
  idempotencyKeyTooLong: (length: number, limit: number) =>
    refusal(`Invalid 'Idempotency-Key': expected at most ${limit} characters, but got ${length}.`),
  idempotencyKeyReused: () =>
    new ApiError(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_reused',
      message:
        "Keys for idempotent requests can only be used with the method, path and body that they were first used with. Use another 'Idempotency-Key' for another request.",
    }),
  closing: () =>
    new ApiError(503, { type: 'server_error', message: 'The server is shutting down. Please try again later.' }),
  internal: (requestId: string) =>
    new ApiError(500, {
      type: 'server_error',
      code: 'server_error',
      message: `The server had an error processing your request. Its log tells more under request id ${requestId}.`,
    }),
};
