import type { RestMetadata } from '../../wire/page.ts';
import type { ImportTable, NewRows } from '../store/access/imports.ts';
import { settingsOfObject } from '../store/modelSettings.ts';
import { type ImportedObject, secondsOf } from './kind.ts';

/** Members of an assistant, which the schema has checked. */
interface GivenSettings {
  temperature: number | null;
  top_p: number | null;
  reasoning_effort: string | null;
}

const textOf = (object: ImportedObject, member: string) => String(object[member]);

/** The row of an object of each table. */
export const rowOf: { [Table in ImportTable]: (object: ImportedObject, json: string) => NewRows[Table] } = {
  assistants: (assistant, json) => {
    const { temperature, top_p, reasoning_effort: reasoningEffort = null } = assistant as Partial<GivenSettings>;
    const settings = { ...settingsOfObject({ temperature, top_p }), reasoningEffort };
    return { id: assistant.id, json, settings: JSON.stringify(settings) };
  },
  threads: ({ id, created_at, metadata }, json) => ({
    id,
    json,
    createdAt: secondsOf(created_at),
    metadata: (metadata ?? null) as RestMetadata | null, // which the schema has checked
    isPlaceholder: false,
  }),
  messages: (message, json) => ({
    id: message.id,
    json,
    threadId: textOf(message, 'thread_id'),
    runId: message['run_id'] == null ? null : textOf(message, 'run_id'),
  }),
  runs: (run, json) => ({
    id: run.id,
    json,
    threadId: textOf(run, 'thread_id'),
    status: textOf(run, 'status'),
    createdAt: Math.floor(run.created_at),
    expiresAt: secondsOf(Number(run['expires_at'] ?? run.created_at)) * 1000,
    progress: JSON.stringify({ usage: run['usage'] ?? null, pendingUsage: null }),
  }),
  steps: (step, json) => ({ id: step.id, json, runId: textOf(step, 'run_id') }),
};

/** A thread of which only the id is known, created when the first of `objects` was. */
export const placeholderOf = (threadId: string, objects: ImportedObject[]): NewRows['threads'] => {
  const createdAt = Math.min(...objects.map(({ created_at: time }) => secondsOf(time)));
  const thread = { id: threadId, object: 'thread', created_at: createdAt, metadata: {}, tool_resources: {} };
  return { id: threadId, json: JSON.stringify(thread), createdAt, metadata: {}, isPlaceholder: true };
};
