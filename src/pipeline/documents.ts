import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { RequestError } from '../access/requestError.ts';
import { MAX_ERRORS } from './errorLimit.ts';

export interface DocumentOptions {
  readonly schema: GraphQLSchema;
  /** Called before a document is parsed, and before it is validated; throw to refuse it. */
  readonly textChecks: readonly ((query: string) => void)[];
  readonly documentChecks: readonly ((document: DocumentNode) => void)[];
  /** In addition to the specification's. */
  readonly validationRules: readonly ValidationRule[];
  /** Whether errors keep to themselves which names the schema has. */
  readonly hideSuggestions: boolean;
  /** The form in which clients see errors. */
  readonly publicErrors: (errors: readonly unknown[]) => readonly GraphQLError[];
}

const MAX_DOCUMENTS = 500;

/** Tokens of all documents in the cache, comments included: with its part of the tree, a token takes some 250 bytes. */
const MAX_CACHED_TOKENS = 200_000;

/** Longer documents are parsed each time, in characters: they are rare, and seldom sent twice. */
const MAX_CACHED_LENGTH = 32_000;

/**
 * Parses and validates documents, each of them once, and keeps what `prepare` makes of a valid one. The function that this
 * returns throws RequestError with status 400 for a document that is malformed, invalid or too large.
 */
export const documentCache = <Prepared extends object>(
  options: DocumentOptions,
  prepare: (document: DocumentNode) => Prepared,
) => {
  const { schema, textChecks, documentChecks, hideSuggestions, publicErrors } = options;
  const rules = [...specifiedRules, ...options.validationRules];
  const cached = new LRUCache<string, Prepared>({ max: MAX_DOCUMENTS, maxSize: MAX_CACHED_TOKENS });

  const refusalFor = (errors: readonly unknown[]) => new RequestError(400, publicErrors(errors), { inDocument: true });

  const parsed = (query: string): DocumentNode => {
    try {
      for (const check of textChecks) check(query);
      const document = parse(query);
      for (const check of documentChecks) check(document);
      return document;
    } catch (error) {
      throw error instanceof RequestError ? error : refusalFor([error]);
    }
  };

  /** Some rules throw instead of reporting. */
  const errorsIn = (document: DocumentNode): readonly unknown[] => {
    try {
      return validate(schema, document, rules, { maxErrors: MAX_ERRORS, hideSuggestions });
    } catch (error) {
      return [error];
    }
  };

  return (query: string): Prepared => {
    const known = cached.get(query);
    if (known !== undefined) return known;
    const document = parsed(query);
    const errors = errorsIn(document);
    if (errors.length > 0) throw refusalFor(errors);
    const prepared = prepare(document);
    if (query.length <= MAX_CACHED_LENGTH) cached.set(query, prepared, { size: tokensOf(document) });
    return prepared;
  };
};

const tokensOf = ({ loc }: DocumentNode): number => {
  let tokens = 1;
  for (let token = loc?.startToken; token?.next; token = token.next) tokens += 1;
  return tokens;
};
