import { LRUCache } from 'lru-cache';
import type { Problem } from './problem.ts';

/** Something in a request that some endpoints reject, and that a request can do without or say otherwise. */
export interface Fallback {
  /** The parameter, as error messages name it. */
  name: string;
  /** Whether the body has it. */
  isUsed(body: Readonly<Record<string, unknown>>): boolean;
  /** Which error messages are about it; by default those that contain `name`. */
  words?: RegExp;
  /** What is done instead, for the log: `usage is unknown`. */
  instead: string;
}

/** Endpoints and models whose fallbacks are remembered. */
const mostModels = 1000;

/** Does not match errors about values out of range or wrong schemas, which clients have to see. */
const complaint =
  /unsupported|un(?:known|recognized|expected)|not (?:be )?(?:supported|permitted|allowed|available|implemented|recognized)|does(?:n't| not) support|can(?:not|'t) be used|extra (?:inputs?|fields?)|extra_forbidden|additional propert|only .{0,60}(?:supported|allowed)|incompatible|'?response_format\.type'? must be/i;

/** A name that is also an English word counts only if it is quoted, follows a dot or begins the message. */
const wordsOf = ({ name, words }: Fallback): RegExp => {
  if (words !== undefined) return words;
  return name.includes('_')
    ? new RegExp(`(?<!\\w)${name}(?!\\w)`, 'i')
    : new RegExp(`(?:^|["'\`.]|(?:parameter|argument|field|property|input)s?:? )${name}(?!\\w)`, 'i');
};

/** The fallback that a rejected request asks for; undefined if the problem is another one. */
export const fallbackFor = (
  problem: Problem,
  body: Readonly<Record<string, unknown>>,
  fallbacks: readonly Fallback[],
  inUse: ReadonlySet<string>,
): Fallback | undefined => {
  if (![400, 404, 415, 422, 500, 501].includes(problem.status ?? 400) || !complaint.test(problem.text))
    return undefined;
  const open = fallbacks.filter((fallback) => !inUse.has(fallback.name) && fallback.isUsed(body));
  return (
    open.find(({ name }) => problem.param === name || problem.param.startsWith(`${name}.`)) ??
    open.find((fallback) => wordsOf(fallback).test(problem.text))
  );
};

/** Remembers which fallbacks each model of an endpoint needs, once a request has succeeded with them. */
export class KnownFallbacks {
  readonly #byModel = new LRUCache<string, ReadonlySet<string>>({ max: mostModels });

  of(model: string): ReadonlySet<string> {
    return this.#byModel.get(model) ?? new Set();
  }

  add(model: string, names: ReadonlySet<string>): void {
    const known = this.of(model);
    if ([...names].some((name) => !known.has(name))) this.#byModel.set(model, new Set([...known, ...names]));
  }
}
