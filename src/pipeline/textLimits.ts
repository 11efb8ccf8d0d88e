import { Lexer, Source, type Token, TokenKind } from 'graphql';
import { limitError } from './limitError.ts';
import { selectionDepthLimit } from './selectionDepth.ts';
import type { OperationRule } from './rule.ts';

export interface TextLimits {
  /** The size of a document in UTF-8, in bytes. */
  readonly maxQueryBytes: number;
  /** How many tokens a document may have. */
  readonly maxTokens: number;
  /** How deep the selections of a document may nest. */
  readonly maxDepth: number;
  /** How deep lists and objects may nest within a value. */
  readonly maxValueDepth: number;
}

/** In characters. Names end up in paths of errors, once for each item of a list. */
const MAX_NAME_LENGTH = 256;

/** A document may have one for each line and each escape of a text in it: 500,000 of either take 60 to 250 ms to parse. */
const MAX_LINES = 50_000;
const MAX_ESCAPES = 100_000;

/** Each level of fields may be wrapped in an inline fragment. Beyond that the parser would run out of stack in the end. */
const BRACES_PER_LEVEL = 2;

/**
 * Limits what is parsed at all: the size of the document, its lines and escapes, its tokens, the length of names, and the nesting of brackets, all in
 * one pass over the tokens, since the parser and the validation recurse into what is nested.
 */
export const textLimits = (limits: TextLimits): OperationRule => {
  const { maxQueryBytes, maxTokens, maxDepth, maxValueDepth } = limits;
  const maxBraces = BRACES_PER_LEVEL * selectionDepthLimit(maxDepth) + 1;
  return {
    text: (query) => {
      checkSize(query, maxQueryBytes);
      checkOccurrences('The number of lines of the document', query, ['\n', '\r'], MAX_LINES);
      checkOccurrences('The number of backslashes of the document', query, ['\\'], MAX_ESCAPES);
      const nesting = new Nesting();
      const lexer = new Lexer(new Source(query));
      let tokens = 0;
      for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
        tokens += 1;
        if (tokens > maxTokens) throw tooManyTokens(maxTokens);
        checkName(token);
        nesting.add(token.kind);
      }
      const { values, braces } = nesting;
      if (values > maxValueDepth) throw tooDeepValues(values, maxValueDepth);
      if (braces > maxBraces)
        throw limitError({ what: 'The nesting depth of the braces', actual: braces, limit: maxBraces });
    },
  };
};

/** Each UTF-16 code unit is at most three bytes, so that most documents need not be measured. */
const checkSize = (query: string, limit: number) => {
  if (query.length * 3 <= limit) return;
  const actual = Buffer.byteLength(query);
  if (actual > limit)
    throw limitError({ what: 'The size of the document in bytes', actual, limit, setting: 'MAX_QUERY_BYTES' });
};

const checkOccurrences = (what: string, query: string, characters: readonly string[], limit: number) => {
  let count = 0;
  for (const character of characters) {
    for (let at = query.indexOf(character); at !== -1; at = query.indexOf(character, at + 1)) {
      count += 1;
      if (count > limit) throw limitError({ what, limit });
    }
  }
};

const checkName = ({ kind, end, start }: Token) => {
  if (kind === TokenKind.NAME && end - start > MAX_NAME_LENGTH) {
    throw limitError({ what: 'The length of a name', actual: end - start, limit: MAX_NAME_LENGTH });
  }
};

const tooManyTokens = (limit: number) =>
  limitError({ what: 'The number of tokens of the document', limit, setting: 'MAX_QUERY_TOKENS' });

/** `actual` is undefined if the value was not measured to its end. */
export const tooDeepValues = (actual: number | undefined, limit: number) =>
  limitError({
    what: 'The nesting depth of a value',
    ...(actual !== undefined && { actual }),
    limit,
    setting: 'MAX_VALUE_DEPTH',
  });

/** Follows the brackets of a document. Those that do not match are left to the parser. */
class Nesting {
  /** The deepest nesting so far of lists and objects within parentheses, and of braces outside of them. */
  values = 0;
  braces = 0;
  #values = 0;
  #braces = 0;
  #inParentheses = false;

  add(kind: TokenKind): void {
    if (kind === TokenKind.PAREN_L || kind === TokenKind.PAREN_R) {
      this.#inParentheses = kind === TokenKind.PAREN_L;
      this.#values = 0;
    } else if (kind === TokenKind.BRACE_L || kind === TokenKind.BRACKET_L) {
      this.#move(1);
    } else if (kind === TokenKind.BRACE_R || kind === TokenKind.BRACKET_R) {
      this.#move(-1);
    }
  }

  #move(step: 1 | -1): void {
    if (this.#inParentheses) {
      this.#values += step;
      this.values = Math.max(this.values, this.#values);
    } else {
      this.#braces += step;
      this.braces = Math.max(this.braces, this.#braces);
    }
  }
}
