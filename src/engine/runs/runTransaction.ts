import type { RestMessage } from '../../wire/message.ts';
import type { RestRun } from '../../wire/run.ts';
import { isTerminalStatus, type RestRunStatus } from '../../wire/runStatus.ts';
import type { RestRunStep, RestRunStepStatus } from '../../wire/runStep.ts';
import type { EngineCall } from '../store/access/engineCalls.ts';
import { webhookMessagesOf } from '../runWebhooks/message.ts';
import type { NewRunEvent } from '../store/access/events.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreWrites } from '../store/store.ts';
import { runWithStatus } from './stateMachine.ts';

/**
 * State changes of a run, its steps and its messages, and the events that report them, in order. Nothing is written
 * before `save`, which writes all of it in the transaction that it is given.
 */
export interface RunTransaction {
  /** The run with all changes so far. */
  readonly record: RunRecord;
  /** Moves the run to a status, which is also the name of the event. */
  transition(status: RestRunStatus, changes?: Partial<RestRun>): void;
  /** Creates or changes a step, and emits the event of that name with it. */
  recordStep(event: 'created' | RestRunStepStatus, step: RestRunStep): void;
  /** Creates or changes a message, and emits the event of that name with it. */
  recordMessage(event: 'created' | RestMessage['status'], message: RestMessage): void;
  /** Emits an event without a change. */
  emit(event: string, data: unknown): void;
  /** Changes the record without an event, as do the next two with a message and a step. */
  update(changes: Partial<Omit<RunRecord, 'run' | 'lastEvent'>>): void;
  updateMessage(message: RestMessage): void;
  updateStep(step: RestRunStep): void;
  /** Stores a new call of one of the engine's own tools, and what it returned. */
  addEngineCall(call: EngineCall): void;
  endEngineCall(call: EngineCall): void;
  /** Writes everything. Callers have locked the run and read it in the same transaction. */
  save(writes: StoreWrites): Promise<void>;
  /**
   * Writes everything of a run that `lease` holds and that is in progress, for changes of its steps and messages alone: the
   * record may have been read earlier. False if the lease was lost: the transaction has to be rolled back.
   */
  append(writes: StoreWrites, lease: string): Promise<boolean>;
}

interface ChangedRow<Row> {
  row: Row;
  isNew: boolean;
}

const setRow = <Row extends { id: string }>(changed: Map<string, ChangedRow<Row>>, row: Row, isNew: boolean) => {
  changed.set(row.id, { row, isNew: isNew || changed.get(row.id)?.isNew === true });
};

const saveAll = async <Row>(
  changed: Map<string, ChangedRow<Row>>,
  rows: { insert(row: Row): Promise<void>; update(row: Row): Promise<void> },
) => {
  for (const { row, isNew } of changed.values()) await (isNew ? rows.insert(row) : rows.update(row));
  changed.clear();
};

const transactionOf = (initial: RunRecord, isNewRun: boolean): RunTransaction => {
  let record = initial;
  let hasEnded = false;
  let events: NewRunEvent[] = [];
  const steps = new Map<string, ChangedRow<RestRunStep>>();
  const messages = new Map<string, ChangedRow<RestMessage>>();
  const engineCalls = new Map<string, ChangedRow<EngineCall>>();

  const insertMessages = async (writes: StoreWrites) => {
    const added = [...messages.values()].flatMap(({ row, isNew }) => (isNew ? [row] : []));
    if (added.length > 0) await writes.messages.insert(record.run.thread_id, added);
  };

  /** Everything but the run and the messages that are new. The events are numbered after `lastEvent`. */
  const saveRest = async (writes: StoreWrites, lastEvent: number) => {
    await saveAll(steps, writes.steps);
    for (const { row, isNew } of messages.values()) {
      const written = isNew ? row : ((await writes.messages.rewrite(row)) ?? row);
      if (written !== row) events = events.map((each) => (each.data === row ? { ...each, data: written } : each));
    }
    messages.clear();
    await saveAll(engineCalls, writes.engineCalls);
    const saved = events.splice(0);
    await writes.events.append(record.run.id, lastEvent + 1, saved);
    const reports = webhookMessagesOf(record.run, saved);
    if (reports.length > 0) await writes.runWebhooks.add(reports);
  };

  return {
    get record() {
      return record;
    },
    transition: (status, changes) => {
      record = { ...record, run: runWithStatus(record.run, status, changes) };
      hasEnded = isTerminalStatus(status);
      events.push({ event: `thread.run.${status}`, data: record.run });
    },
    recordStep: (event, step) => {
      setRow(steps, step, event === 'created');
      events.push({ event: `thread.run.step.${event}`, data: step });
    },
    recordMessage: (event, message) => {
      setRow(messages, message, event === 'created');
      events.push({ event: `thread.message.${event}`, data: message });
    },
    emit: (event, data) => events.push({ event, data }),
    update: (changes) => {
      record = { ...record, ...changes };
    },
    updateMessage: (message) => setRow(messages, message, false),
    updateStep: (step) => setRow(steps, step, false),
    addEngineCall: (call) => setRow(engineCalls, call, true),
    endEngineCall: (call) => setRow(engineCalls, call, false),
    save: async (writes) => {
      const { lastEvent } = record;
      record = { ...record, lastEvent: lastEvent + events.length };
      await insertMessages(writes);
      if (isNewRun) await writes.runs.insert(record);
      else await (hasEnded ? writes.runs.end(record) : writes.runs.update(record));
      if (hasEnded) await writes.threadUsage.add(record.run);
      await saveRest(writes, lastEvent);
    },
    append: async (writes, lease) => {
      await insertMessages(writes); // First: this locks the thread, which is locked before its runs.
      const last = await writes.runs.advance(record.run.id, lease, events.length);
      if (last === undefined) return false;
      await saveRest(writes, last - events.length);
      return true;
    },
  };
};

/** Begins changes of a stored run. */
export const runTransactionOf = (record: RunRecord): RunTransaction => transactionOf(record, false);

/** Begins a new run: with the events of `preface`, then `thread.run.created` and `thread.run.queued`. */
export const newRunTransaction = (record: RunRecord, preface: NewRunEvent[] = []): RunTransaction => {
  const transaction = transactionOf(record, true);
  for (const { event, data } of preface) transaction.emit(event, data);
  transaction.emit('thread.run.created', record.run);
  transaction.emit('thread.run.queued', record.run);
  return transaction;
};
