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
  /** Where replicas keep documents for each other; undefined if each keeps its own. */
  readonly sharedDocuments?: SharedDocuments | undefined;
}

/** Documents by the SHA-256 hashes of their texts, for all replicas. */
export interface SharedDocuments {
  /** Undefined if there is none, or if that cannot be known now. Never rejects. */
  readonly find: (sha256Hash: string) => Promise<string | undefined>;
  readonly keep: (sha256Hash: string, query: string) => void;
}

/** The document of a request. */
export interface DocumentText {
  readonly query: string;
  /** Called once the document is known to be valid. */
  readonly accepted?: () => void;
}

/** Finds the documents of requests. */
export interface DocumentLookup {
  /** The document that a request means. Throws RequestError if there is none, or it may not be executed. */
  readonly documentOf: (params: OperationParams) => DocumentText;
  /** Makes the document of a hash known here if another replica knows it. Undefined if there is nothing to wait for. Never rejects. */
  readonly fetchShared: (params: OperationParams) => Promise<void> | undefined;
}

const nothingShared = () => undefined;

export const documentLookup = ({
  persistedQueries,
  automaticPersistedQueries,
  sharedDocuments,
}: PersistedQueryOptions): DocumentLookup => {
  if (persistedQueries !== undefined) return { documentOf: listed(persistedQueries), fetchShared: nothingShared };
  if (automaticPersistedQueries) return automatic(sharedDocuments);
  return { documentOf: anyText, fetchShared: nothingShared };
};

/** Only what is in the list: by its id, or by the same text. */
const listed = (documents: ReadonlyMap<string, string>): DocumentLookup['documentOf'] => {
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
const automatic = (shared: SharedDocuments | undefined): DocumentLookup => {
  const kept = new LRUCache<string, string>({
    max: MAX_KEPT,
    maxSize: MAX_KEPT_LENGTH,
    sizeCalculation: ({ length }) => length,
  });
  const documentOf = (params: OperationParams): DocumentText => {
    const { query, sha256Hash } = params;
    if (sha256Hash === undefined) return anyText(params);
    if (query === undefined) {
      const known = kept.get(sha256Hash);
      if (known === undefined) throw notFound();
      return { query: known };
    }
    if (kept.get(sha256Hash) === query) return { query };
    const actual = sha256(query);
    if (actual !== sha256Hash) {
      throw requestError(
        400,
        'BAD_USER_INPUT',
        `The hash ${echoed(sha256Hash)} is not that of the document. Its SHA-256 hash in lower-case hexadecimal is ${actual}.`,
      );
    }
    const accepted = () => {
      kept.set(sha256Hash, query);
      shared?.keep(sha256Hash, query);
    };
    return { query, accepted };
  };

  const fetchInto = async (sha256Hash: string, { find }: SharedDocuments) => {
    const query = await find(sha256Hash);
    // Others may write to where documents are shared: a document counts only under its own hash.
    if (query !== undefined && sha256(query) === sha256Hash) kept.set(sha256Hash, query);
  };
  return {
    documentOf,
    fetchShared: ({ query, sha256Hash }) => {
      if (shared === undefined || query !== undefined || sha256Hash === undefined) return undefined;
      return kept.has(sha256Hash) || !SHA256.test(sha256Hash) ? undefined : fetchInto(sha256Hash, shared);
    },
  };
};

const SHA256 = /^[\da-f]{64}$/;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const anyText: DocumentLookup['documentOf'] = ({ query, documentId }) => {
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
