import { httpErrors } from '../httpErrors.ts';
import type { IdPrefix } from '../ids.ts';
import type { Route } from './route.ts';

/** The prefix of the id in a path or body parameter. */
const prefixes: Record<string, IdPrefix> = {
  assistant_id: 'asst',
  thread_id: 'thread',
  message_id: 'msg',
  run_id: 'run',
  step_id: 'step',
  vector_store_id: 'vs',
  batch_id: 'vsfb',
  file_id: 'file',
  upload_id: 'upload',
};

/** @throws {HttpError} 400 if the id does not have the prefix that `param` requires. */
export const checkId = (param: string, id: string): void => {
  const prefix = prefixes[param];
  if (prefix !== undefined && !id.startsWith(prefix)) throw httpErrors.wrongIdPrefix(param, id, prefix);
};

/**
 * Base paths of the API. OpenAI's clients send `/v1`. Azure's clients send `/openai` or `/openai/v1`, with
 * an `api-version` parameter, which the engine ignores, and without the beta header.
 * Source: `src/azure.ts` of openai-node, and the REST reference of Azure OpenAI.
 */
const basePaths = [
  { path: '/openai/v1', needsBeta: false },
  { path: '/openai', needsBeta: false },
  { path: '/v1', needsBeta: true },
];

interface CompiledRoute {
  route: Route;
  /** For each segment of the path, the name of its parameter, or its literal text. */
  segments: ({ param: string } | { text: string })[];
}

const compile = (route: Route): CompiledRoute => ({
  route,
  segments: route.path
    .slice(1)
    .split('/')
    .map((segment) => (segment.startsWith('{') ? { param: segment.slice(1, -1) } : { text: segment })),
});

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // No valid id either way: the check of its prefix fails, or no object is found.
  }
};

const paramsOf = ({ segments }: CompiledRoute, parts: string[]): Record<string, string> | undefined => {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (part === '') return undefined;
    if ('param' in segment) params[segment.param] = decode(part);
    else if (segment.text !== part) return undefined;
  }
  return params;
};

export interface RouteMatch {
  route: Route;
  params: Record<string, string>;
  /** Whether the `OpenAI-Beta` header is required. */
  needsBeta: boolean;
}

/** The segments of a path below its base path; a trailing slash is ignored. */
const segmentsOf = (path: string) => {
  const base = basePaths.find((each) => path.startsWith(`${each.path}/`));
  if (base === undefined) return { parts: [], needsBeta: false };
  const parts = path
    .slice(base.path.length + 1)
    .replace(/\/$/u, '')
    .split('/');
  return { parts, needsBeta: base.needsBeta };
};

/** Finds the route of a request. If several match, the first one is taken. */
export const router = (routes: Route[]) => {
  const byLength = new Map<number, CompiledRoute[]>();
  for (const compiled of routes.map(compile)) {
    const { length } = compiled.segments;
    byLength.set(length, [...(byLength.get(length) ?? []), compiled]);
  }

  /** @throws {HttpError} 404 or 405 */
  return (method: string, path: string): RouteMatch => {
    const { parts, needsBeta } = segmentsOf(path);
    const matches: RouteMatch[] = [];
    for (const compiled of byLength.get(parts.length) ?? []) {
      const params = paramsOf(compiled, parts);
      if (params !== undefined)
        matches.push({ route: compiled.route, params, needsBeta: needsBeta && compiled.route.needsBeta });
    }
    const match = matches.find(({ route }) => route.method === method);
    if (match !== undefined) return match;
    if (matches.length === 0) throw httpErrors.unknownRoute(method, path);
    throw httpErrors.wrongMethod(method, path, [...new Set(matches.map(({ route }) => route.method))]);
  };
};
