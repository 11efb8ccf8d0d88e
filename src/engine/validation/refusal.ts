import type { z } from 'zod';
import { ApiError } from '../errors.ts';
import * as sentences from './sentences.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `tools[0].function.name`. */
const paramOf = (path: Path): string =>
  path.reduce<string>((before, part) => {
    // A query names its lists with brackets of their own: `include[]`.
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

/** Which parameter is refused, and why. */
interface Finding {
  path: Path;
  sentence: sentences.Sentence;
}

const wrongTypeOrMissing = (path: Path, expected: string, input: unknown): Finding => {
  const param = paramOf(path);
  return {
    path,
    sentence: input === undefined ? sentences.missing(param) : sentences.wrongType(param, expected, input),
  };
};

const notAmong = (path: Path, values: readonly unknown[], input: unknown): Finding => {
  if (typeof input !== 'string') return wrongTypeOrMissing(path, 'a string', input);
  return { path, sentence: sentences.notAmong(values, input) };
};

const sized = (
  table: typeof sentences.tooBig,
  path: Path,
  { origin, limit, input }: { origin: string; limit: number | bigint; input: unknown },
): Finding => ({
  path,
  sentence: table[origin]?.(paramOf(path), Number(limit), input) ?? invalid(path),
});

const invalid = (path: Path): sentences.Sentence => ({
  code: 'invalid_value',
  text: `Invalid '${paramOf(path)}'.`,
});

/** A member of a union that wants another JSON type than was sent says so at its root. */
const isOtherType = (issue: Issue | undefined, input: unknown) =>
  issue === undefined ||
  (issue.path.length === 0 &&
    (issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof input !== 'string')));

/** The refusal of the one member that takes the JSON type sent; where there is none, that of the union as a whole. */
const findingOfUnion = (issue: z.core.$ZodIssueInvalidUnion, path: Path): Finding => {
  const { input } = issue;
  if ('options' in issue && issue.discriminator !== undefined) {
    // The path leads to the discriminator, the input is the object around it.
    const sent = new Map(Object.entries(Object(input))).get(issue.discriminator);
    return notAmong(path, issue.options ?? [], sent);
  }
  const member = issue.errors.find(([first]) => !isOtherType(first, input))?.[0];
  if (member !== undefined) return findingOf(member, path);
  const types = issue.errors.map(([first]) => (first?.code === 'invalid_type' ? first.expected : 'string'));
  return wrongTypeOrMissing(path, `one of ${[...new Set(types)].map(typeName).join(' or ')}`, input);
};

const findingOf = (issue: Issue, around: Path = []): Finding => {
  const path = [...around, ...issue.path];
  switch (issue.code) {
    case 'invalid_type':
      return wrongTypeOrMissing(path, typeName(issue.expected), issue.input);
    case 'invalid_value':
      return notAmong(path, issue.values, issue.input);
    case 'invalid_union':
      return findingOfUnion(issue, path);
    case 'unrecognized_keys': {
      const unknown = [...path, issue.keys[0] ?? ''];
      return { path: unknown, sentence: sentences.unknownParameter(paramOf(unknown)) };
    }
    case 'too_big':
      return sized(sentences.tooBig, path, { ...issue, limit: issue.maximum, input: issue.input });
    case 'too_small':
      return sized(sentences.tooSmall, path, { ...issue, limit: issue.minimum, input: issue.input });
    case 'invalid_format':
      return { path, sentence: sentences.wrongPattern(paramOf(path), sourceOf(issue.pattern)) };
    case 'custom':
      return { path, sentence: { code: 'invalid_value', text: issue.message.replace('{param}', paramOf(path)) } };
    default:
      return { path, sentence: invalid(path) };
  }
};

/** The pattern without the slashes around it. */
const sourceOf = (pattern: string | undefined) => pattern?.replace(/^\/(.*)\/[a-z]*$/u, '$1') ?? '';

/** The 400 for a body or a query that zod refused: the first issue, in the API's words. */
export const refusalOf = (error: z.ZodError): ApiError => {
  const [first] = error.issues;
  const { path, sentence } = first === undefined ? { path: [], sentence: invalid([]) } : findingOf(first);
  return new ApiError(400, { message: sentence.text, code: sentence.code, param: paramOf(path) });
};
