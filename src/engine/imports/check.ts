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
  if (issue !== undefined) {
    const wrong = issue.message.replace(/^Invalid input: /, '');
    return { problem: `is no valid ${kind.object}: \`${pathOf(issue.path)}\`: ${wrong}` };
  }
  const object = value as ImportedObject; // which the schema has checked
  return { kind, object: kind.stored?.(object) ?? object };
};
