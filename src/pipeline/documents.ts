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

export interface DocumentOptions {
  readonly schema: GraphQLSchema;
  /** How many tokens a document may have. */
  readonly maxTokens: number;
  /** In addition to the specification's. */
  readonly validationRules: readonly ValidationRule[];
}

/** The form in which clients see an error. */
type PublicError = (error: unknown) => GraphQLError;

const MAX_DOCUMENTS = 500;

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
  const { schema, maxTokens } = options;
  const rules = [...specifiedRules, ...options.validationRules];
  const cached = new LRUCache<string, Prepared>({ max: MAX_DOCUMENTS });

  const parsed = (query: string, publicError: PublicError): DocumentNode => {
    try {
      return parse(query, { maxTokens });
    } catch (error) {
      throw new RequestError(400, [publicError(error)], { inDocument: true });
    }
  };

  /** Some rules throw instead of reporting. */
  const errorsIn = (document: DocumentNode): readonly unknown[] => {
    try {
      return validate(schema, document, rules);
    } catch (error) {
      return [error];
    }
  };

  return (query: string, publicError: PublicError): Prepared => {
    const known = cached.get(query);
    if (known !== undefined) return known;
    const document = parsed(query, publicError);
    const errors = errorsIn(document);
    if (errors.length > 0) throw new RequestError(400, errors.map(publicError), { inDocument: true });
    const prepared = prepare(document);
    if (query.length <= MAX_CACHED_LENGTH) cached.set(query, prepared);
    return prepared;
  };
};
