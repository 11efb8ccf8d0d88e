import { requestError } from '../access/requestError.ts';
import { echoed } from './limitError.ts';

/** An operation as clients send it. */
export interface OperationParams {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

const MEMBERS = new Set(['query', 'operationName', 'variables', 'extensions']);

/** Reads the body of a POST request. Throws RequestError with status 400, saying which member is wrong. */
export const paramsInJson = (body: string): OperationParams => paramsIn(parsed(body, 'The body of the request'));

/** Reads the query of a GET request. Throws RequestError with status 400. */
export const paramsInSearch = (search: URLSearchParams): OperationParams => {
  const json = (name: string) => {
    const text = search.get(name);
    return text === null || text === '' ? undefined : parsed(text, `The parameter ${name}`);
  };
  return paramsIn({
    query: search.get('query'),
    operationName: search.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
};

/** Checks the members of a request. Throws RequestError with status 400. */
export const paramsIn = (request: unknown): OperationParams => {
  if (Array.isArray(request)) throw malformed('Batches are not supported: send one operation in each request.');
  if (!isObject(request)) throw malformed('The body of the request must be a JSON object with the member `query`.');
  const unknown = Object.keys(request).find((member) => !MEMBERS.has(member) && request[member] != null);
  if (unknown !== undefined) {
    throw malformed(`Unknown member \`${echoed(unknown)}\`. Allowed are ${[...MEMBERS].join(', ')}.`);
  }
  const { query, operationName = null, variables = null, extensions = null } = request;
  if (typeof query !== 'string') throw malformed('The member `query` must be a string that holds a GraphQL document.');
  if (operationName !== null && typeof operationName !== 'string') throw malformed(mustBe('operationName', 'a string'));
  if (variables !== null && !isObject(variables)) throw malformed(mustBe('variables', 'an object'));
  if (extensions !== null && !isObject(extensions)) throw malformed(mustBe('extensions', 'an object'));
  // An empty name is what a form sends that was not filled in.
  return {
    query,
    operationName: operationName === null || operationName === '' ? undefined : operationName,
    variables: variables ?? {},
  };
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
