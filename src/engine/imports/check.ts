import { jsonTypeOf } from '../validation/errorTexts.ts';
import type { ImportedObject, ImportKind } from './kind.ts';
import { importKinds } from './kinds.ts';

const kindByObject = new Map(importKinds.map((kind) => [kind.object, kind]));

/** An object that can be imported; or why it cannot, as the end of a sentence. */
export type Checked = { kind: ImportKind; object: ImportedObject } | { problem: string };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pathOf = (path: readonly PropertyKey[]) =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly errors?: readonly (readonly Issue[])[] | undefined;
}

/** The first problem; of a union that of the member which accepts the most. */
const problemOf = (issue: Issue, around: readonly PropertyKey[] = []): string => {
  const path = [...around, ...issue.path];
  const deepest = issue.errors
    ?.flatMap(([first]) => (first === undefined ? [] : [first]))
    .toSorted((one, other) => other.path.length - one.path.length)[0];
  if (deepest !== undefined && deepest.path.length > 1) return problemOf(deepest, path);
  return `\`${pathOf(path)}\`: ${issue.message.replace(/^Invalid input: /, '')}`;
};

/** Checks what the engine relies on. Everything else of an object is kept as it is. */
export const checkedObject = (value: unknown): Checked => {
  if (!isObject(value)) return { problem: `is ${jsonTypeOf(value)}, not an object of the API` };
  const { object: name } = value;
  const kind = typeof name === 'string' ? kindByObject.get(name) : undefined;
  if (kind === undefined) {
    const known = [...kindByObject.keys()].join(', ');
    const got = name === undefined ? 'no `object`' : `the unknown \`object\` ${JSON.stringify(name)?.slice(0, 80)}`;
    return { problem: `has ${got}; those that can be imported are ${known}` };
  }
  const result = kind.schema.safeParse(value);
  const [issue] = result.error?.issues ?? [];
  if (issue !== undefined) return { problem: `is no valid ${kind.object}: ${problemOf(issue)}` };
  const object = value as ImportedObject; // which the schema has checked
  return { kind, object: kind.stored?.(object) ?? object };
};
