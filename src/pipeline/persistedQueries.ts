import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { RequestError, requestError } from '../access/requestError.ts';
import type { ErrorCode } from '../context/errors.ts';
import { echoed } from './limitError.ts';
import type { OperationParams } from './params.ts';

export interface PersistedQueryOptions {
  /** Whether clients may have their documents kept under a hash. Not considered if there is a list. */
  readonly automaticPersistedQueries: boolean;
  /** The only documents that are executed, by their ids; undefined allows any. */
  readonly persistedQueries: ReadonlyMap<string, string> | undefined;
}

/** The document of a request. */
export interface DocumentText {
  readonly query: string;
  /** Called once the document is known to be valid. */
  readonly accepted?: () => void;
}

/** Finds the document that a request means. Throws RequestError if there is none, or it may not be executed. */
export type DocumentLookup = (params: OperationParams) => DocumentText;

export const documentLookup = ({
  persistedQueries,
  automaticPersistedQueries,
}: PersistedQueryOptions): DocumentLookup => {
  if (persistedQueries !== undefined) return listed(persistedQueries);
  return automaticPersistedQueries ? automatic() : anyText;
};

/** Only what is in the list: by its id, or by the same text. */
const listed = (documents: ReadonlyMap<string, string>): DocumentLookup => {
  const texts = new Set(documents.values());
  return ({ query, documentId, sha256Hash }) => {
    if (query !== undefined) {
      if (texts.has(query)) return { query };
      throw requestError(
        403,
        'FORBIDDEN',
        'This document is not one of the persisted queries, which are the only ones that this server executes.',
      );
    }
    const id = documentId ?? sha256Hash;
    const known = id === undefined ? undefined : documents.get(id);
    if (known === undefined) throw notFound();
    return { query: known };
  };
};

/** All that is kept for clients: how many documents, and how much text, in UTF-16 code units. */
const MAX_KEPT = 1000;
const MAX_KEPT_LENGTH = 8 * 1024 * 1024;

/**
 * Apollo's automatic persisted queries: a client sends the SHA-256 hash of its document, and the document itself only if the
 * server does not know the hash. https://www.apollographql.com/docs/apollo-server/performance/apq
 */
const automatic = (): DocumentLookup => {
  const kept = new LRUCache<string, string>({
    max: MAX_KEPT,
    maxSize: MAX_KEPT_LENGTH,
    sizeCalculation: ({ length }) => length,
  });
  return (params) => {
    const { query, sha256Hash } = params;
    if (sha256Hash === undefined) return anyText(params);
    if (query === undefined) {
      const known = kept.get(sha256Hash);
      if (known === undefined) throw notFound();
      return { query: known };
    }
    if (kept.get(sha256Hash) === query) return { query };
    const actual = createHash('sha256').update(query).digest('hex');
    if (actual !== sha256Hash) {
      throw requestError(
        400,
        'BAD_USER_INPUT',
        `The hash ${echoed(sha256Hash)} is not that of the document. Its SHA-256 hash in lower-case hexadecimal is ${actual}.`,
      );
    }
    return { query, accepted: () => kept.set(sha256Hash, query) };
  };
};

const anyText: DocumentLookup = ({ query, documentId }) => {
  if (query !== undefined) return { query };
  if (documentId === undefined) throw notSupported();
  throw requestError(
    400,
    'BAD_USER_INPUT',
    `The document ${echoed(documentId)} is not known: this server has no list of persisted queries (PERSISTED_QUERIES_FILE).`,
  );
};

/** The messages that Apollo Client and urql look for, with Apollo Server's status and headers: a cache must not keep them. */
const persistedQueryError = (message: string, code: ErrorCode) =>
  new RequestError(200, [new GraphQLError(message, { extensions: { code } })], {
    headers: { 'cache-control': 'private, no-cache, must-revalidate' },
    inDocument: true,
  });

const notFound = () => persistedQueryError('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');

const notSupported = () => persistedQueryError('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');
