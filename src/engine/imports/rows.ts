import type { RestMetadata } from '../../wire/page.ts';
import type { ImportTable, NewRows } from '../store/access/imports.ts';
import { settingsOfObject } from '../store/modelSettings.ts';
import type { Candidate } from './candidate.ts';
import { type ImportedObject, secondsOf } from './kind.ts';
import { isToBeIndexed } from './vectorStoreFile.ts';

/** Members of an assistant, which the schema has checked. */
interface GivenSettings {
  temperature: number | null;
  top_p: number | null;
  reasoning_effort: string | null;
}

/** What of an object is stored as a row. */
type Importable = Pick<Candidate, 'object' | 'content'>;

const textOf = (object: ImportedObject, member: string) => String(object[member]);

/** In seconds; null if the object does not expire. */
const expiryOf = ({ expires_at: time }: ImportedObject) => (typeof time === 'number' ? secondsOf(time) : null);

/** The row of an object of each table. */
export const rowOf: { [Table in ImportTable]: (candidate: Importable, json: string) => NewRows[Table] } = {
  files: ({ object: file, content }, json) => {
    if (content === undefined) throw new TypeError(`The file ${file.id} has no content.`); // `checkContents` leaves it out.
    return { id: file.id, json, purpose: textOf(file, 'purpose'), ...content, expiresAt: expiryOf(file) };
  },
  vector_stores: ({ object: vectorStore }, json) => ({ id: vectorStore.id, json, expiresAt: expiryOf(vectorStore) }),
  vector_store_files: ({ object: file }, json) => ({
    vectorStoreId: textOf(file, 'vector_store_id'),
    fileId: file.id,
    json,
    status: textOf(file, 'status'),
    usageBytes: Number(file['usage_bytes'] ?? 0),
    workAfter: isToBeIndexed(file) ? Date.now() : null,
  }),
  assistants: ({ object: assistant }, json) => {
    const { temperature, top_p, reasoning_effort: reasoningEffort = null } = assistant as Partial<GivenSettings>;
    const settings = { ...settingsOfObject({ temperature, top_p }), reasoningEffort };
    return { id: assistant.id, json, settings: JSON.stringify(settings) };
  },
  threads: ({ object: { id, created_at, metadata } }, json) => ({
    id,
    json,
    createdAt: secondsOf(created_at),
    metadata: (metadata ?? null) as RestMetadata | null, // which the schema has checked
    isPlaceholder: false,
  }),
  messages: ({ object: message }, json) => ({
    id: message.id,
    json,
    threadId: textOf(message, 'thread_id'),
    runId: message['run_id'] == null ? null : textOf(message, 'run_id'),
  }),
  runs: ({ object: run }, json) => ({
    id: run.id,
    json,
    threadId: textOf(run, 'thread_id'),
    status: textOf(run, 'status'),
    createdAt: Math.floor(run.created_at),
    expiresAt: secondsOf(Number(run['expires_at'] ?? run.created_at)) * 1000,
    progress: JSON.stringify({ usage: run['usage'] ?? null, pendingUsage: null }),
  }),
  steps: ({ object: step }, json) => ({ id: step.id, json, runId: textOf(step, 'run_id') }),
};

/** A thread of which only the id is known, created when the first of `objects` was. */
export const placeholderOf = (threadId: string, objects: ImportedObject[]): NewRows['threads'] => {
  const createdAt = Math.min(...objects.map(({ created_at: time }) => secondsOf(time)));
  const thread = { id: threadId, object: 'thread', created_at: createdAt, metadata: {}, tool_resources: {} };
  return { id: threadId, json: JSON.stringify(thread), createdAt, metadata: {}, isPlaceholder: true };
};
