import type { RestMessage } from '../../wire/message.ts';
import type { RestRun } from '../../wire/run.ts';
import type { RestRunStatus } from '../../wire/runStatus.ts';
import type { RestRunStep, RestRunStepStatus } from '../../wire/runStep.ts';
import type { RunEvent, RunRecord, StoreWrites } from '../store/store.ts';
import { runIn } from './transition.ts';

/** What happens to a run in one transaction: the rows that change, and the events that tell of it, in order. */
export interface Ledger {
  /** The run as it is after what has been entered so far. */
  readonly record: RunRecord;
  /** Enters that the run, its steps and its messages came to be as given; the status is the name of the event. */
  run(status: RestRunStatus, changes?: Partial<RestRun>): void;
  step(event: 'created' | RestRunStepStatus, step: RestRunStep): void;
  message(event: 'created' | RestMessage['status'], message: RestMessage): void;
  /** Enters an event that changes no row. */
  tell(event: string, data: unknown): void;
  /** Enter a change that no event tells of. */
  keep(changes: Partial<Omit<RunRecord, 'run' | 'lastEvent'>>): void;
  keepMessage(message: RestMessage): void;
  keepStep(step: RestRunStep): void;
  save(writes: StoreWrites): Promise<void>;
}

/** A row that is new, or was there. */
interface Entry<Row> {
  row: Row;
  isNew: boolean;
}

const enter = <Row extends { id: string }>(entries: Map<string, Entry<Row>>, row: Row, isNew: boolean) => {
  entries.set(row.id, { row, isNew: isNew || entries.get(row.id)?.isNew === true });
};

const saveAll = async <Row>(
  entries: Map<string, Entry<Row>>,
  rows: { insert(row: Row): Promise<void>; update(row: Row): Promise<void> },
) => {
  for (const { row, isNew } of entries.values()) await (isNew ? rows.insert(row) : rows.update(row));
};

const ledgerOf = (before: RunRecord, isNew: boolean): Ledger => {
  let record = before;
  const events: RunEvent[] = [];
  const steps = new Map<string, Entry<RestRunStep>>();
  const messages = new Map<string, Entry<RestMessage>>();
  return {
    get record() {
      return record;
    },
    run: (status, changes) => {
      record = { ...record, run: runIn(record.run, status, changes) };
      events.push({ event: `thread.run.${status}`, data: record.run });
    },
    step: (event, step) => {
      enter(steps, step, event === 'created');
      events.push({ event: `thread.run.step.${event}`, data: step });
    },
    message: (event, message) => {
      enter(messages, message, event === 'created');
      events.push({ event: `thread.message.${event}`, data: message });
    },
    tell: (event, data) => events.push({ event, data }),
    keep: (changes) => {
      record = { ...record, ...changes };
    },
    keepMessage: (message) => enter(messages, message, false),
    keepStep: (step) => enter(steps, step, false),
    save: async (writes) => {
      const first = record.lastEvent + 1;
      record = { ...record, lastEvent: record.lastEvent + events.length };
      await (isNew ? writes.runs.insert(record) : writes.runs.update(record));
      await saveAll(steps, writes.steps);
      await saveAll(messages, writes.messages);
      await writes.events.append(record.run.id, first, events.splice(0));
    },
  };
};

/** The ledger of a run that is there. */
export const openLedger = (record: RunRecord): Ledger => ledgerOf(record, false);

/** The ledger of a run that is to be: it begins with `thread.run.created` and `thread.run.queued`, after `preface`. */
export const newLedger = (record: RunRecord, preface: RunEvent[] = []): Ledger => {
  const ledger = ledgerOf(record, true);
  for (const { event, data } of preface) ledger.tell(event, data);
  ledger.tell('thread.run.created', record.run);
  ledger.tell('thread.run.queued', record.run);
  return ledger;
};
