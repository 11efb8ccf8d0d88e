import type { IncomingMessage, ServerResponse } from 'node:http';
import { getOperationAST, OperationTypeNode } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Context, RequestView } from '../context.ts';
import { headersOf } from './headers.ts';

/** The graph as a server, and as the functions of which that is made. */
type GraphqlServer = YogaServerInstance<object, Context>;

/** By `accept`: what the answer's media type is. Any other header is for yoga to make sense of. */
const mediaTypes = new Map([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json'],
]);

/** Answers those requests that `mediaTypeFor` has a media type for. */
export interface PlainGraphql {
  readonly mediaTypeFor: (request: IncomingMessage) => string | undefined;
  /** False where the request, with this body, is none of the plain ones: then nothing has been executed. */
  readonly answer: (
    body: Buffer,
    mediaType: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<boolean>;
}

/**
 * Answers a well-formed query or mutation at a fraction of what yoga's adapter between node:http and Request costs, through
 * the same plugins. Whatever is not well-formed, or not admitted, is left to yoga, which knows how to say so.
 */
export const plainGraphql = (
  graphql: GraphqlServer,
  admits: (headers: Pick<Headers, 'get'>) => boolean,
): PlainGraphql => ({
  mediaTypeFor: (request) => (admits(headersOf(request)) ? plainMediaType(request) : undefined),
  answer: (body, mediaType, request, response) => answerPlainly(graphql, body, mediaType, request, response),
});

/** Undefined for what is not JSON for JSON, and for pages of other origins, which need CORS. */
const plainMediaType = ({ method, headers }: IncomingMessage): string | undefined => {
  const isJson = method === 'POST' && headers['content-type']?.startsWith('application/json') === true;
  return isJson && headers.origin === undefined && headers['content-encoding'] === undefined
    ? mediaTypes.get(headers.accept)
    : undefined;
};

const answerPlainly = async (
  graphql: GraphqlServer,
  body: Buffer,
  mediaType: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> => {
  const params = paramsOf(body);
  if (params === undefined) return false;
  const { query, operationName, variables } = params;
  // Of a Request the plugins, too, read no more than the view has.
  const view = viewOf(request, response) as Request;
  const { schema, parse, validate, contextFactory, execute } = graphql.getEnveloped({ request: view });
  let document: ReturnType<typeof parse>;
  try {
    document = parse(query);
  } catch {
    return false;
  }
  const operation = getOperationAST(document, operationName ?? null);
  if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return false;
  if (validate(schema, document).length > 0) return false;

  const contextValue = await contextFactory();
  const result = await execute({ schema, document, contextValue, variableValues: variables, operationName });
  // Without data nothing was executed: the variables did not fit.
  if (result.data === undefined) return false;
  const text = JSON.stringify(result);
  response.writeHead(200, { 'content-type': `${mediaType}; charset=utf-8`, 'content-length': Buffer.byteLength(text) });
  response.end(text);
  return true;
};

interface Params {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown> | undefined;
}

const MEMBERS = new Set(['query', 'operationName', 'variables', 'extensions']);

const paramsOf = (body: Buffer): Params | undefined => {
  const parsed = parsedJson(body.toString());
  if (!isObject(parsed) || Object.keys(parsed).some((member) => !MEMBERS.has(member))) return undefined;
  const { query, operationName = null, variables = null, extensions = null } = parsed;
  if (typeof query !== 'string') return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  if (extensions !== null && !isObject(extensions)) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? undefined };
};

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As much of a Request as contexts are made of. */
const viewOf = (request: IncomingMessage, response: ServerResponse): RequestView => {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) left.abort();
  });
  return { headers: headersOf(request), signal: left.signal };
};
