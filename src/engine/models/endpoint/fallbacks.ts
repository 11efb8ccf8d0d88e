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

/**
 * Errors about wrong schemas, which clients have to see. They quote names of the schema, which may be those of parameters.
 * Sources: OpenAI ("Invalid schema for function"), strix#1088 (Groq, "invalid JSON schema for tool"), mcp-gsuite#19
 * (Anthropic, "input_schema: JSON schema is invalid"), llama.cpp ("JSON schema conversion failed: Unrecognized schema").
 */
const schemaComplaint =
  /invalid (?:json )?schema for|schema is invalid|(?:unrecognized|unsupported) schema|schema conversion|invalid_function_parameters|input_schema|(?:json_schema|format)[./]schema\b|in context=\(/i;

/** Where in the tools of a request something is wrong: `tools[0].function.parameters`. */
const toolPlace = /\b(?:tools|functions)(?:\[\d+\]|[./]\d+)[\w.[\]/]*/i;

/** Whether an error is about a tool of the client. Only `strict` is added to functions by a parameter. */
const isAboutTool = (text: string): boolean => {
  const place = toolPlace.exec(text)?.[0];
  return place !== undefined && !/^\w+[./[]\d+\]?[./](?:function[./])?strict$/i.test(place);
};

/**
 * Errors about a value, of which the parameter has others: "Unsupported value: … Supported values are: …", OpenRouter's "the
 * provided 'tool_choice' value".
 */
const valueComplaint =
  /supported values are|think value|provided ['"`]?\w+['"`]? value|this tool_choice|only ['"`]?(?:auto|none)\b|unsupported[ _]value/i;

/** All values but the default are rejected: the parameter is of no use. */
const onlyDefault = /only the default/i;

/** Does not match errors about values out of range or wrong schemas, which clients have to see. */
const complaint =
  /no endpoints found that support|unsupported|un(?:known|recognized|expected)|not (?:be )?(?:supported|permitted|allowed|available|implemented|recognized)|does(?:n't| not) support|can(?:not|'t) be used|extra (?:inputs?|fields?)|extra_forbidden|additional propert|only .{0,60}(?:supported|allowed)|incompatible|'?response_format\.type'? must be/i;

/** A name that is also an English word counts only if it is quoted, follows a dot or begins the message. */
const wordsOf = ({ name, words }: Fallback): RegExp => {
  if (words !== undefined) return words;
  return name.includes('_')
    ? new RegExp(`(?<!\\w)${name}(?!\\w)`, 'i')
    : new RegExp(`(?:^|["'\`.]|(?:parameter|argument|field|property|input)s?:? )${name}(?!\\w)`, 'i');
};

/** A fallback that a rejected request asks for. */
export interface NeededFallback {
  fallback: Fallback;
  /** Whether only the value of this request is rejected: a request with another one has to be sent as it is. */
  isForValue: boolean;
}

/** The fallback that a rejected request asks for; undefined if the problem is another one. */
export const fallbackFor = (
  problem: Problem,
  body: Readonly<Record<string, unknown>>,
  fallbacks: readonly Fallback[],
  inUse: ReadonlySet<string>,
): NeededFallback | undefined => {
  const { text } = problem;
  if (![400, 404, 415, 422, 500, 501].includes(problem.status ?? 400)) return undefined;
  if (schemaComplaint.test(text) || isAboutTool(text) || !complaint.test(text)) return undefined;
  const open = fallbacks.filter((fallback) => !inUse.has(fallback.name) && fallback.isUsed(body));
  const fallback =
    open.find(({ name }) => problem.param === name || problem.param.startsWith(`${name}.`)) ??
    open.find((each) => wordsOf(each).test(text));
  return fallback && { fallback, isForValue: valueComplaint.test(text) && !onlyDefault.test(text) };
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
