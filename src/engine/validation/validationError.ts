import type { z } from 'zod';
import { HttpError } from '../httpErrors.ts';
import * as errorTexts from './errorTexts.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The path as the API writes it, such as `tools[0].function.name`. */
const paramOf = (path: Path): string =>
  path.reduce<string>((before, part) => {
    // In a query, names of lists already end in brackets: `include[]`.
    if (typeof part === 'number') return `${before.replace(/\[\]$/u, '')}[${part}]`;
    return before === '' ? String(part) : `${before}.${String(part)}`;
  }, '');

const typeNames: Record<string, string> = {
  string: 'a string',
  number: 'a decimal',
  int: 'an integer',
  boolean: 'a boolean',
  object: 'an object',
  record: 'an object',
  array: 'an array',
  null: 'null',
};
const typeName = (type: string) => typeNames[type] ?? type;

/** Which parameter is invalid, and why. */
interface Violation {
  path: Path;
  error: errorTexts.ErrorText;
}

const wrongTypeOrMissing = (path: Path, expected: string, input: unknown): Violation => {
  const param = paramOf(path);
  return {
    path,
    error: input === undefined ? errorTexts.missing(param) : errorTexts.wrongType(param, expected, input),
  };
};

const notAmong = (path: Path, values: readonly unknown[], input: unknown): Violation => {
  if (typeof input !== 'string') return wrongTypeOrMissing(path, 'a string', input);
  return { path, error: errorTexts.notAmong(values, input) };
};

const sized = (
  table: typeof errorTexts.tooBig,
  path: Path,
  { origin, limit, input }: { origin: string; limit: number | bigint; input: unknown },
): Violation => ({
  path,
  error: table[origin]?.(paramOf(path), Number(limit), input) ?? invalid(path),
});

const invalid = (path: Path): errorTexts.ErrorText => ({
  code: 'invalid_value',
  text: `Invalid '${paramOf(path)}'.`,
});

/** Whether a member of a union rejected the JSON type of the input, which it reports at its root. */
const isOtherType = (issue: Issue | undefined, input: unknown) =>
  issue === undefined ||
  (issue.path.length === 0 &&
    (issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof input !== 'string')));

/** The violation of the member that accepts the input's JSON type; if there is none, that of the whole union. */
const violationOfUnion = (issue: z.core.$ZodIssueInvalidUnion, path: Path): Violation => {
  const { input } = issue;
  if ('options' in issue && issue.discriminator !== undefined) {
    // The path is that of the discriminator, the input is the object that contains it.
    const sent = new Map(Object.entries(Object(input))).get(issue.discriminator);
    return notAmong(path, issue.options ?? [], sent);
  }
  const member = issue.errors.find(([first]) => !isOtherType(first, input))?.[0];
  if (member !== undefined) return violationOf(member, path);
  const types = issue.errors.map(([first]) => (first?.code === 'invalid_type' ? first.expected : 'string'));
  return wrongTypeOrMissing(path, `one of ${[...new Set(types)].map(typeName).join(' or ')}`, input);
};

const violationOf = (issue: Issue, around: Path = []): Violation => {
  const path = [...around, ...issue.path];
  switch (issue.code) {
    case 'invalid_type':
      return wrongTypeOrMissing(path, typeName(issue.expected), issue.input);
    case 'invalid_value':
      return notAmong(path, issue.values, issue.input);
    case 'invalid_union':
      return violationOfUnion(issue, path);
    case 'unrecognized_keys': {
      const unknown = [...path, issue.keys[0] ?? ''];
      return { path: unknown, error: errorTexts.unknownParameter(paramOf(unknown)) };
    }
    case 'too_big':
      return sized(errorTexts.tooBig, path, { ...issue, limit: issue.maximum, input: issue.input });
    case 'too_small':
      return sized(errorTexts.tooSmall, path, { ...issue, limit: issue.minimum, input: issue.input });
    case 'invalid_format':
      return { path, error: errorTexts.wrongPattern(paramOf(path), sourceOf(issue.pattern)) };
    case 'custom':
      return { path, error: { code: 'invalid_value', text: issue.message.replace('{param}', paramOf(path)) } };
    default:
      return { path, error: invalid(path) };
  }
};

/** The pattern without its slashes. */
const sourceOf = (pattern: string | undefined) => pattern?.replace(/^\/(.*)\/[a-z]*$/u, '$1') ?? '';

/** The 400 for an invalid body or query: the first of zod's issues, in the API's words. */
export const validationErrorOf = ({ issues: [first] }: z.ZodError): HttpError => {
  const { path, error } = first === undefined ? { path: [], error: invalid([]) } : violationOf(first);
  return new HttpError(400, { message: error.text, code: error.code, param: paramOf(path) });
};

/** What `schema` makes of an input. @throws {HttpError} 400 */
export const validated = <Output>(schema: z.ZodType<Output>, input: unknown): Output => {
  const result = schema.safeParse(input, { reportInput: true });
  if (!result.success) throw validationErrorOf(result.error);
  return result.data;
};
