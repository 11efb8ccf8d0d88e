import type { RestRun } from '../../wire/run.ts';
import { apiErrors } from '../errors.ts';
import { addMessages } from '../messages.ts';
import { mergedMetadata } from '../metadata.ts';
import { activeRunIn } from '../runs/activeRun.ts';
import { requestCancel } from '../runs/cancel.ts';
import { freshRun } from '../runs/expiry.ts';
import { acceptOutputs } from '../runs/outputs.ts';
import { startRun, startThreadAndRun } from '../runs/start.ts';
import { isTerminal } from '../runs/transition.ts';
import type { RunRecord } from '../store/store.ts';
import { eventsQuery, includeQuery, pageQuery } from '../validation/query.ts';
import { createRunBody, createThreadAndRunBody, modifyRunBody, submitToolOutputsBody } from '../validation/run.ts';
import { eventStream } from './eventStream.ts';
import { currentRun, runFound, threadFound, threadLocked } from './found.ts';
import { listOf } from './list.ts';
import { type Reply, route } from './route.ts';
import { checkId } from './router.ts';
import type { Services } from './services.ts';

/** Milliseconds after which a poller may ask again: the engine is near, and its readers cost it little. */
const pollAfter = { 'openai-poll-after-ms': '250' };

const runReply = ({ run }: RunRecord): { json: RestRun; headers?: Record<string, string> } =>
  isTerminal(run.status) || run.status === 'requires_action' ? { json: run } : { json: run, headers: pollAfter };

/** The run, or its events numbered above `after` where the body asks for a stream. */
const runOrStream = (
  services: Services,
  record: RunRecord,
  after: number,
  stream: boolean | null | undefined,
): Reply => (stream === true ? eventStream(services, record.run.id, after, 'requires_action') : runReply(record));

export const runRoutes = [
  route('POST', '/threads/runs', {
    body: createThreadAndRunBody,
    answer: async ({ body, write }, services) => {
      checkId('assistant_id', body.assistant_id);
      const record = await write((writes) => startThreadAndRun(writes, body, services.runLifetimeSeconds));
      return runOrStream(services, record, 0, body.stream);
    },
  }),

  route('POST', '/threads/{thread_id}/runs', {
    body: createRunBody,
    query: includeQuery,
    answer: async ({ params: { thread_id: threadId }, body, write }, services) => {
      checkId('assistant_id', body.assistant_id);
      const record = await write(async (writes) => {
        await threadLocked(writes, threadId);
        const active = await activeRunIn(writes, threadId);
        if (active !== undefined) throw apiErrors.runDuringRun(threadId, active.run.id);
        await addMessages(writes, threadId, body.additional_messages ?? []);
        return startRun(writes, threadId, body, services.runLifetimeSeconds);
      });
      return runOrStream(services, record, 0, body.stream);
    },
  }),

  route('GET', '/threads/{thread_id}/runs', {
    query: pageQuery,
    answer: async ({ params, query }, { store }) => {
      await threadFound(store, params.thread_id);
      const { items, hasMore } = await store.runs.list(params.thread_id, query);
      const fresh = await Promise.all(items.map((record) => freshRun(store, record)));
      return listOf({ items: fresh.map(({ run }) => run), hasMore });
    },
  }),

  route('GET', '/threads/{thread_id}/runs/{run_id}', {
    answer: async ({ params }, { store }) => runReply(await currentRun(store, params)),
  }),

  route('POST', '/threads/{thread_id}/runs/{run_id}', {
    body: modifyRunBody,
    answer: async ({ params, body, write }, { store }) => {
      await currentRun(store, params);
      const record = await write(async (writes) => {
        await threadLocked(writes, params.thread_id);
        const before = await runFound(writes, params.thread_id, params.run_id);
        const metadata = mergedMetadata(before.run.metadata, body.metadata);
        const after = { ...before, run: { ...before.run, metadata } };
        await writes.runs.update(after);
        return after;
      });
      return runReply(record);
    },
  }),

  route('POST', '/threads/{thread_id}/runs/{run_id}/cancel', {
    answer: async ({ params, write }, { store }) => {
      await currentRun(store, params);
      const record = await write(async (writes) => {
        await threadLocked(writes, params.thread_id);
        return requestCancel(writes, await runFound(writes, params.thread_id, params.run_id));
      });
      return runReply(record);
    },
  }),

  route('POST', '/threads/{thread_id}/runs/{run_id}/submit_tool_outputs', {
    body: submitToolOutputsBody,
    answer: async ({ params, body, write }, services) => {
      await currentRun(services.store, params);
      const { before, after } = await write(async (writes) => {
        await threadLocked(writes, params.thread_id);
        const found = await runFound(writes, params.thread_id, params.run_id);
        return { before: found.lastEvent, after: await acceptOutputs(writes, found, body.tool_outputs) };
      });
      return runOrStream(services, after, before, body.stream);
    },
  }),

  // Not of the contract: the events of a run from any place on, for readers that were cut off or come late.
  route('GET', '/threads/{thread_id}/runs/{run_id}/events', {
    query: eventsQuery,
    answer: async ({ params, query }, services) => {
      const { run } = await currentRun(services.store, params);
      return eventStream(services, run.id, query.after, 'terminal');
    },
  }),
];
