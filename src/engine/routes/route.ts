import type { z } from 'zod';
import { validated } from '../validation/validationError.ts';
import { readQuery } from '../validation/query.ts';
import { type BodyNeed, readRequestBody } from './requestBody.ts';
import { type Write, writeOnce } from './writeOnce.ts';
import type { RouteDependencies } from './routeDependencies.ts';
import type { EngineRequest, EventTexts } from '../engineRequest.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

/** The names between braces in a path. */
type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [Key in Name]: string } & ParamsOf<Rest>
  : unknown;

/** What a route returns: an object for the body or a stream of events, with its own headers; or a whole response. */
export type RouteResult =
  | Response
  | { json: object; headers?: Record<string, string> }
  | { events: EventTexts; headers: Record<string, string> };

/** One row of the routing table: which requests it takes, and their handler. */
export interface Route {
  method: Method;
  /** Below the base path, with parameters in braces. */
  path: string;
  /** Whether the `OpenAI-Beta` header is required, as it is of all routes of the Assistants API. */
  needsBeta: boolean;
  /** Whether `handle` reads the body as it arrives, and limits it. False by default. */
  streamsBody?: boolean;
  handle: (
    request: EngineRequest,
    params: Record<string, string>,
    url: URL,
    dependencies: RouteDependencies,
  ) => Promise<RouteResult>;
}

interface RouteParts<Path extends string, Body, Query> {
  body?: z.ZodType<Body>;
  /** Whether the body may be empty. `required` by default. */
  bodyNeed?: BodyNeed;
  query?: z.ZodType<Query>;
  /** True by default. */
  needsBeta?: boolean;
  /** `write` is the one transaction of the request, which its `Idempotency-Key` covers. */
  handle: (
    call: { params: ParamsOf<Path>; body: Body; query: Query; headers: EngineRequest['headers']; write: Write },
    dependencies: RouteDependencies,
  ) => Promise<RouteResult>;
}

// Without a schema, the type parameter is undefined, as is this.
const parsed = <Output>(schema: z.ZodType<Output> | undefined, input: unknown): Output =>
  (schema === undefined ? undefined : validated(schema, input)) as Output;

/** A route whose body and query are validated before `handle` is called. */
export const route = <const Path extends string, Body = undefined, Query = undefined>(
  method: Method,
  path: Path,
  { body, bodyNeed = 'required', query, needsBeta = true, handle }: RouteParts<Path, Body, Query>,
): Route => ({
  method,
  path,
  needsBeta,
  handle: async (request, params, url, dependencies) => {
    const sent = body && (await readRequestBody(request, bodyNeed));
    return handle(
      {
        params: params as ParamsOf<Path>,
        headers: request.headers,
        query: parsed(query, query && readQuery(url.searchParams)),
        body: parsed(body, sent),
        write: writeOnce(dependencies.store, request, sent),
      },
      dependencies,
    );
  },
});
