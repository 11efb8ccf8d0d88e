import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestAssistant } from '../wire/assistant.ts';
import type { RestFile } from '../wire/file.ts';
import type { RestMessage } from '../wire/message.ts';
import type { RestRun } from '../wire/run.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import type { RestVectorStore, RestVectorStoreFile } from '../wire/vectorStore.ts';
import { assistantKind } from './assistant.ts';
import type { Batching } from './batching.ts';
import { batchedCollection, type Collection, type CollectionKind } from './collection.ts';
import { fileKind, type FileList } from './file.ts';
import { type MessageKey, messageKind, type MessageList } from './message.ts';
import { type RunKey, runKind } from './run.ts';
import { type RunStepKey, runStepKind, type RunStepList } from './runStep.ts';
import { threadLoader, unbatchedThreadLoader } from './thread.ts';
import { unbatchedCollection } from './unbatched.ts';
import { vectorStoreKind } from './vectorStore.ts';
import { type VectorStoreFileKey, vectorStoreFileKind, type VectorStoreFileList } from './vectorStoreFile.ts';

/**
 * The loaders of one request. Never shared, so that no caller sees what another has read. They hold what the request has
 * read until it ends: at most a page of a hundred objects for each REST call that it may make. Without `batching`, every
 * read is a call of its own and nothing is held. Each loader is created when first used: most requests need one or two.
 */
class RequestLoaders {
  readonly #rest: Rest;
  readonly #batching: Batching | undefined;
  #assistants: Collection<string, null, Received<RestAssistant>> | undefined;
  #threads: ReturnType<typeof threadLoader> | undefined;
  #messages: Collection<MessageKey, MessageList, Received<RestMessage>> | undefined;
  #runs: Collection<RunKey, string, Received<RestRun>> | undefined;
  #runSteps: Collection<RunStepKey, RunStepList, Received<RestRunStep>> | undefined;
  #files: Collection<string, FileList, Received<RestFile>> | undefined;
  #vectorStores: Collection<string, null, Received<RestVectorStore>> | undefined;
  #vectorStoreFiles: Collection<VectorStoreFileKey, VectorStoreFileList, Received<RestVectorStoreFile>> | undefined;

  constructor(rest: Rest, batching: Batching | undefined) {
    this.#rest = rest;
    this.#batching = batching;
  }

  get assistants() {
    return (this.#assistants ??= this.#collect(assistantKind(this.#rest)));
  }

  get threads() {
    return (this.#threads ??= this.#makeThreads());
  }

  get messages() {
    return (this.#messages ??= this.#collect(messageKind(this.#rest)));
  }

  get runs() {
    return (this.#runs ??= this.#makeRuns());
  }

  get runSteps() {
    return (this.#runSteps ??= this.#collect(runStepKind(this.#rest)));
  }

  get files() {
    return (this.#files ??= this.#makeFiles());
  }

  get vectorStores() {
    return (this.#vectorStores ??= this.#makeVectorStores());
  }

  get vectorStoreFiles() {
    return (this.#vectorStoreFiles ??= this.#makeVectorStoreFiles());
  }

  #makeThreads() {
    const threads = this.#batching ? threadLoader(this.#rest, this.#batching) : unbatchedThreadLoader(this.#rest);
    return {
      ...threads,
      /** Deletes everything in the thread with it. */
      deleted: (threadId: string) => {
        threads.deleted(threadId);
        for (const held of [this.#messages, this.#runs, this.#runSteps]) held?.forget();
      },
    };
  }

  #makeRuns() {
    const runs = this.#collect(runKind(this.#rest));
    return {
      ...runs,
      /** A run continues by itself after a write, and adds steps and messages. */
      wrote: (run: Received<RestRun>) => {
        runs.wrote(run);
        for (const added of [this.#messages, this.#runSteps]) added?.forget();
      },
    };
  }

  #makeFiles() {
    const files = this.#collect(fileKind(this.#rest));
    return {
      ...files,
      /** Removes it from the vector stores that hold it. */
      deleted: (fileId: string) => {
        files.deleted(fileId);
        for (const held of [this.#vectorStores, this.#vectorStoreFiles]) held?.forget();
      },
    };
  }

  #makeVectorStores() {
    const stores = this.#collect(vectorStoreKind(this.#rest));
    return {
      ...stores,
      /** Deletes what says which files it holds. */
      deleted: (vectorStoreId: string) => {
        stores.deleted(vectorStoreId);
        this.#vectorStoreFiles?.forget();
      },
    };
  }

  /** What a vector store holds is counted in the store. */
  #makeVectorStoreFiles() {
    const files = this.#collect(vectorStoreFileKind(this.#rest));
    return {
      ...files,
      wrote: (file: Received<RestVectorStoreFile>) => {
        files.wrote(file);
        this.#vectorStores?.forget();
      },
      deleted: (key: VectorStoreFileKey) => {
        files.deleted(key);
        this.#vectorStores?.forget();
      },
    };
  }

  #collect<Key, List, Item extends { id: string }>(kind: CollectionKind<Key, List, Item>): Collection<Key, List, Item> {
    return this.#batching ? batchedCollection(kind, this.#batching) : unbatchedCollection(kind);
  }
}

export type Loaders = Pick<RequestLoaders, keyof RequestLoaders>;

export const createLoaders = (rest: Rest, batching: Batching | undefined): Loaders =>
  new RequestLoaders(rest, batching);
