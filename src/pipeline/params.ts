import { RequestError, requestError } from '../access/requestError.ts';
import { describeJsonLimits, exceedsJsonLimits } from '../jsonValues.ts';
import { afterParsing, readJson } from '../requestJson.ts';
import { echoed } from './limitError.ts';

/** An operation as clients send it. At least one of `query`, `documentId` and `sha256Hash` is there. */
export interface OperationParams {
  readonly query: string | undefined;
  /** The id of a document in a list of persisted queries. */
  readonly documentId?: string | undefined;
  /** The hash of a document, as Apollo's clients send it. */
  readonly sha256Hash?: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** By GraphQL over HTTP (`documentId`), and as Relay's network layers usually name it. */
const ID_MEMBERS = ['documentId', 'doc_id', 'id'] as const;

const MEMBERS = new Set(['query', 'operationName', 'variables', 'extensions', ...ID_MEMBERS]);

const BODY = 'The body of the request';

/** Reads the body of a POST request. Rejects with RequestError with status 400, saying which member is wrong. */
export const paramsInJson = async (bytes: Uint8Array): Promise<OperationParams> => {
  const text = await requestText(bytes, BODY);
  const body = parsed(text, BODY);
  await afterParsing(text);
  return paramsIn(body);
};

/** Reads the query of a GET request. Throws RequestError with status 400. */
export const paramsInSearch = (search: URLSearchParams): OperationParams => {
  const json = (name: string) => {
    const text = search.get(name);
    return text === null || text === '' ? undefined : parsedWithin(text, `The parameter ${name}`);
  };
  return paramsIn({
    query: search.get('query'),
    operationName: search.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
    ...Object.fromEntries(ID_MEMBERS.map((name) => [name, search.get(name)])),
  });
};

/** Limits of what is parsed. Those of variables are lower. */
const limits = { names: 20_000, values: 200_000 };

const exceeded = (what: string) => malformed(`${what} has more than ${describeJsonLimits(limits)}.`);

/** The text of JSON that may be parsed. Rejects with RequestError with status 400. */
export const requestText = async (bytes: Uint8Array, what: string): Promise<string> => {
  try {
    return await readJson(bytes, limits, () => exceeded(what));
  } catch (error) {
    throw error instanceof RequestError ? error : malformed(`${what} must be JSON in UTF-8.`);
  }
};

/** The value of a short JSON text. Throws RequestError with status 400. */
export const parsedWithin = (text: string, what: string): unknown => {
  if (exceedsJsonLimits(text, limits)) throw exceeded(what);
  return parsed(text, what);
};

/** Checks the members of a request. Throws RequestError with status 400. */
export const paramsIn = (request: unknown): OperationParams => {
  if (Array.isArray(request)) throw malformed('Batches are not supported: send one operation in each request.');
  if (!isObject(request)) throw malformed('The body of the request must be a JSON object with the member `query`.');
  const unknown = Object.keys(request).find((member) => !MEMBERS.has(member) && request[member] != null);
  if (unknown !== undefined) {
    throw malformed(`Unknown member \`${echoed(unknown)}\`. Allowed are ${[...MEMBERS].join(', ')}.`);
  }
  const { query = null, operationName = null, variables = null, extensions = null } = request;
  if (operationName !== null && typeof operationName !== 'string') throw malformed(mustBe('operationName', 'a string'));
  if (variables !== null && !isObject(variables)) throw malformed(mustBe('variables', 'an object'));
  if (extensions !== null && !isObject(extensions)) throw malformed(mustBe('extensions', 'an object'));
  const documentId = documentIdIn(request);
  const sha256Hash = sha256HashIn(extensions);
  const isPersisted = documentId !== undefined || sha256Hash !== undefined;
  if (typeof query !== 'string' && !(query === null && isPersisted)) {
    throw malformed('The member `query` must be a string that holds a GraphQL document.');
  }
  return {
    // Over a WebSocket `query` has to be there, and is empty if the document is known by an id.
    query: query === null || (query === '' && isPersisted) ? undefined : query,
    documentId,
    sha256Hash,
    // An empty name is what a form sends that was not filled in.
    operationName: operationName === null || operationName === '' ? undefined : operationName,
    variables: variables ?? {},
  };
};

const documentIdIn = (request: Record<string, unknown>): string | undefined => {
  const name = ID_MEMBERS.find((member) => request[member] != null);
  const id = name && request[name];
  if (id === undefined || typeof id === 'string') return id;
  throw malformed(mustBe(name ?? '', 'a string'));
};

/** Apollo's `extensions.persistedQuery`: `{ version: 1, sha256Hash }`. */
const sha256HashIn = (extensions: Record<string, unknown> | null): string | undefined => {
  const persisted = extensions?.['persistedQuery'] ?? null;
  if (persisted === null) return undefined;
  if (!isObject(persisted)) throw malformed(mustBe('extensions.persistedQuery', 'an object'));
  const { version, sha256Hash } = persisted;
  if (version !== 1) throw malformed('The member `extensions.persistedQuery.version` must be 1.');
  if (typeof sha256Hash === 'string' && sha256Hash !== '') return sha256Hash;
  throw malformed('The member `extensions.persistedQuery.sha256Hash` must be a string that is not empty.');
};

const mustBe = (member: string, type: string) => `The member \`${member}\` must be ${type} or null.`;

const malformed = (message: string) => requestError(400, 'BAD_USER_INPUT', message);

const parsed = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(`${what} must be JSON.`);
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
