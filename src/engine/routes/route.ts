import type { z } from 'zod';
import { refusalOf } from '../validation/refusal.ts';
import { readQuery } from '../validation/query.ts';
import { type BodyNeed, readBody } from './body.ts';
import { type Write, writeOnce } from './writeOnce.ts';
import type { Services } from './services.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

/** The names between braces in a path. */
type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [Key in Name]: string } & ParamsOf<Rest>
  : unknown;

/** What a route answers with: an object for the body, headers of its own; or a whole response. */
export type Reply = Response | { json: object; headers?: Record<string, string> };

/** One row of the table: how a request is recognised, and what answers it. */
export interface Route {
  method: Method;
  /** Below `/v1`, with parameters in braces. */
  path: string;
  answer: (request: Request, params: Record<string, string>, url: URL, services: Services) => Promise<Reply>;
}

interface RouteParts<Path extends string, Body, Query> {
  body?: z.ZodType<Body>;
  /** Whether the body may be left out, or is not even looked at. `required` unless told. */
  bodyNeed?: BodyNeed;
  query?: z.ZodType<Query>;
  /** `write` is the one transaction of the request, which its `Idempotency-Key` covers. */
  answer: (
    call: { params: ParamsOf<Path>; body: Body; query: Query; write: Write },
    services: Services,
  ) => Promise<Reply>;
}

const parsed = <Output>(schema: z.ZodType<Output> | undefined, input: unknown): Output => {
  const result = schema?.safeParse(input, { reportInput: true });
  if (result?.success === false) throw refusalOf(result.error);
  // Without a schema the type parameter is never filled, so that nothing is read from this.
  return result?.data as Output;
};

/** A route whose body and query have been checked before `answer` sees them. */
export const route = <const Path extends string, Body = undefined, Query = undefined>(
  method: Method,
  path: Path,
  { body, bodyNeed = 'required', query, answer }: RouteParts<Path, Body, Query>,
): Route => ({
  method,
  path,
  answer: async (request, params, url, services) => {
    const sent = body && (await readBody(request, bodyNeed));
    return answer(
      {
        params: params as ParamsOf<Path>,
        query: parsed(query, query && readQuery(url.searchParams)),
        body: parsed(body, sent),
        write: writeOnce(services.store, request, sent),
      },
      services,
    );
  },
});
