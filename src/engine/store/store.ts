import type { RestAssistant } from '../../wire/assistant.ts';
import type { RestMessage } from '../../wire/message.ts';
import type { RestSortOrder } from '../../wire/page.ts';
import type { RestRun, RestUsage } from '../../wire/run.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import type { RestThread } from '../../wire/thread.ts';

/** Which stretch of a list is asked for. Cursors are ids of members; `limit` is 1 to 100. */
export interface PageRequest {
  limit: number;
  order: RestSortOrder;
  after?: string | undefined;
  before?: string | undefined;
}

/** Items in the order asked for; `hasMore` tells whether more lie beyond, in the direction in which was read. */
export interface Page<Item> {
  items: Item[];
  hasMore: boolean;
}

/** A cursor that is no member of the list. `param` is `after` or `before`. */
export class UnknownCursorError extends Error {
  override readonly name = 'UnknownCursorError';
  readonly param: 'after' | 'before';
  readonly id: string;

  constructor(param: 'after' | 'before', id: string) {
    super(`${param}: no member of this list has the id ${id}`);
    this.param = param;
    this.id = id;
  }
}

/** A run, and what clients don't see of it. Times of its own are in milliseconds. */
export interface RunRecord {
  run: RestRun;
  /** When an active run expires. */
  expiresAt: number;
  /** From when a worker may take the run; null where no worker is wanted. While a worker has it, this is the end of its lease. */
  claimAfter: number | null;
  /** Which worker has the run. */
  lease: string | null;
  /** Number of the run's latest event; events count from 1. */
  lastEvent: number;
  progress: RunProgress;
}

export interface RunProgress {
  /** Of all turns so far. */
  usage: RestUsage;
  /** Of the turn whose tool calls wait for outputs: its step shows it once it is completed. */
  pendingUsage: RestUsage | null;
}

/** One event of a run, in the words of the API's streams. `data` is the object that the event carries. */
export interface RunEvent {
  event: string;
  data: unknown;
}

/** `json` is the event's data, ready to be sent. */
export interface StoredRunEvent {
  sequence: number;
  event: string;
  json: string;
}

/** What can be read. Outside a transaction it is what has been committed; an unknown id is undefined. */
export interface StoreReads {
  assistants: {
    get(assistantId: string): Promise<RestAssistant | undefined>;
    list(page: PageRequest): Promise<Page<RestAssistant>>;
  };
  threads: {
    get(threadId: string): Promise<RestThread | undefined>;
  };
  messages: {
    get(threadId: string, messageId: string): Promise<RestMessage | undefined>;
    /** With `runId`, only the messages that this run wrote. */
    list(threadId: string, page: PageRequest, runId?: string): Promise<Page<RestMessage>>;
  };
  runs: {
    get(threadId: string, runId: string): Promise<RunRecord | undefined>;
    find(runId: string): Promise<RunRecord | undefined>;
    list(threadId: string, page: PageRequest): Promise<Page<RunRecord>>;
    /** The one run of the thread that has not ended. */
    activeIn(threadId: string): Promise<RunRecord | undefined>;
    /** Ids of active runs whose time was up at `now`, oldest first. */
    overdue(now: number, limit: number): Promise<string[]>;
  };
  steps: {
    get(runId: string, stepId: string): Promise<RestRunStep | undefined>;
    list(runId: string, page: PageRequest): Promise<Page<RestRunStep>>;
    /** All steps of a run, oldest first. */
    ofRun(runId: string): Promise<RestRunStep[]>;
  };
  events: {
    /** Events numbered above `sequence`, in order. */
    after(runId: string, sequence: number, limit: number): Promise<StoredRunEvent[]>;
  };
}

/** What can be done within a transaction. Inserting adds at the end of a list, whatever the object's `created_at`. */
export interface StoreWrites extends StoreReads {
  assistants: StoreReads['assistants'] & {
    insert(assistant: RestAssistant): Promise<void>;
    update(assistant: RestAssistant): Promise<void>;
    /** False where there was none. */
    remove(assistantId: string): Promise<boolean>;
  };
  threads: StoreReads['threads'] & {
    insert(thread: RestThread): Promise<void>;
    update(thread: RestThread): Promise<void>;
    /** With its messages, runs, steps and events. False where there was none. */
    remove(threadId: string): Promise<boolean>;
    /** Reads the thread and keeps other transactions from it, and from what hangs on it, until this one ends. */
    lock(threadId: string): Promise<RestThread | undefined>;
  };
  messages: StoreReads['messages'] & {
    insert(message: RestMessage): Promise<void>;
    update(message: RestMessage): Promise<void>;
    remove(threadId: string, messageId: string): Promise<boolean>;
    count(threadId: string): Promise<number>;
  };
  runs: StoreReads['runs'] & {
    insert(record: RunRecord): Promise<void>;
    update(record: RunRecord): Promise<void>;
    /** Runs that a worker may take at `now`, longest waiting first, kept from other transactions until this one ends. */
    claimable(now: number, limit: number): Promise<RunRecord[]>;
    /** Moves the end of every lease that `lease` holds. */
    renew(lease: string, until: number): Promise<void>;
  };
  steps: StoreReads['steps'] & {
    insert(step: RestRunStep): Promise<void>;
    update(step: RestRunStep): Promise<void>;
  };
  events: StoreReads['events'] & {
    /** The first of `events` gets the number `first`. */
    append(runId: string, first: number, events: RunEvent[]): Promise<void>;
  };
  /** Results of transactions, as JSON, by the `Idempotency-Key` of their requests. They are kept for a day. */
  idempotencyKeys: {
    get(key: string): Promise<KeyedResult | undefined>;
    insert(key: string, keyed: KeyedResult): Promise<void>;
  };
}

/** `fingerprint` identifies the method, the path and the body of the request. */
export interface KeyedResult {
  fingerprint: string;
  result: string;
}

/** Where everything is kept. */
export interface Store extends StoreReads {
  /**
   * Runs `work` as one transaction. Once this resolves, what was written survives the death of the process; where
   * `work` rejects, nothing was written and this rejects alike.
   */
  write<Result>(work: (writes: StoreWrites) => Promise<Result>): Promise<Result>;
  /** Calls `listener` after each commit that changed or removed the run. Returns what ends this. */
  onRunChange(runId: string, listener: () => void): () => void;
  /** Calls `listener` after each commit that left a run for a worker to take. Returns what ends this. */
  onRunWaiting(listener: () => void): () => void;
  close(): Promise<void>;
}
