import type { RestRun } from '../../wire/run.ts';
import { httpErrors } from '../httpErrors.ts';
import { existingRun, existingThread, lockedThread } from '../existing.ts';
import { addMessages } from '../messages.ts';
import { mergedMetadata } from '../metadata.ts';
import { activeRunOf } from '../runs/activeRun.ts';
import { requestCancellation } from '../runs/cancellation.ts';
import { currentRun } from '../runs/currentRun.ts';
import { upToDateRun } from '../runs/expiry.ts';
import { acceptToolOutputs } from '../runs/toolOutputs.ts';
import { startRun, startThreadAndRun } from '../runs/start.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { TenantStore } from '../store/store.ts';
import { eventsQuerySchema, includeQuerySchema, pageQuerySchema } from '../validation/query.ts';
import {
  createRunSchema,
  createThreadAndRunSchema,
  modifyRunSchema,
  submitToolOutputsSchema,
} from '../validation/run.ts';
import { eventStream } from './eventStream.ts';
import { listOf } from './list.ts';
import { pollAgain } from './polling.ts';
import { type RouteResult, route } from './route.ts';
import { checkId } from './router.ts';
import type { RouteDependencies } from './routeDependencies.ts';

const runResult = ({ run }: RunRecord): { json: RestRun; headers: Record<string, string> } => ({
  json: run,
  headers: pollAgain('run', !isTerminalStatus(run.status) && run.status !== 'requires_action'),
});

/** The run, or a stream of its events numbered above `after` if the body requests one. */
const runOrStreamOf = (
  dependencies: RouteDependencies,
  record: RunRecord,
  {
    stream,
    after = 0,
    include = [],
  }: { stream: boolean | null | undefined; after?: number; include?: string[] | undefined },
): RouteResult =>
  stream === true
    ? eventStream(dependencies, record.run.id, { after, end: 'requires_action', hasSearchContent: include.length > 0 })
    : runResult(record);

/** Reports which request a worker is going to execute the run for. */
const observeRequest = ({ runObserver }: RouteDependencies, { run }: RunRecord, headers: Headers) => {
  if (runObserver === undefined) return;
  const named = ['traceparent', 'tracestate'].map((name) => [name, headers.get(name)]);
  runObserver.requested(run.id, Object.fromEntries(named.filter(([, value]) => value !== null)));
};

/** @throws {HttpError} 400 if there is no such assistant and the id has not the prefix of one. */
const checkAssistantId = async (store: TenantStore, id: string) => {
  if ((await store.assistants.get(id)) === undefined) checkId('assistant_id', id);
};

export const runRoutes = [
  route('POST', '/threads/runs', {
    body: createThreadAndRunSchema,
    handle: async ({ body, headers, write }, dependencies) => {
      await checkAssistantId(dependencies.store, body.assistant_id);
      await dependencies.models.check(body.model);
      const record = await write((writes) => startThreadAndRun(writes, body, dependencies.runLifetimeSeconds));
      observeRequest(dependencies, record, headers);
      return runOrStreamOf(dependencies, record, { stream: body.stream });
    },
  }),

  route('POST', '/threads/{thread_id}/runs', {
    body: createRunSchema,
    query: includeQuerySchema,
    handle: async ({ params: { thread_id: threadId }, body, query, headers, write }, dependencies) => {
      await checkAssistantId(dependencies.store, body.assistant_id);
      await dependencies.models.check(body.model);
      const record = await write(async (writes) => {
        await lockedThread(writes, threadId);
        const active = await activeRunOf(writes, threadId);
        if (active !== undefined) throw httpErrors.runDuringRun(threadId, active.run.id);
        await addMessages(writes, threadId, body.additional_messages ?? []);
        return startRun(writes, threadId, body, dependencies.runLifetimeSeconds);
      });
      observeRequest(dependencies, record, headers);
      return runOrStreamOf(dependencies, record, { stream: body.stream, include: query['include[]'] });
    },
  }),

  route('GET', '/threads/{thread_id}/runs', {
    query: pageQuerySchema,
    handle: async ({ params, query }, { store }) => {
      await existingThread(store, params.thread_id);
      const { items, hasMore } = await store.runs.list(params.thread_id, query);
      const fresh = await Promise.all(items.map((record) => upToDateRun(store, record)));
      return listOf({ items: fresh.map(({ run }) => run), hasMore });
    },
  }),

  route('GET', '/threads/{thread_id}/runs/{run_id}', {
    handle: async ({ params }, { store }) => runResult(await currentRun(store, params)),
  }),

  route('POST', '/threads/{thread_id}/runs/{run_id}', {
    body: modifyRunSchema,
    handle: async ({ params, body, write }, { store }) => {
      await currentRun(store, params);
      const record = await write(async (writes) => {
        await lockedThread(writes, params.thread_id);
        const before = await existingRun(writes, params.thread_id, params.run_id);
        const metadata = mergedMetadata(before.run.metadata, body.metadata);
        const after = { ...before, run: { ...before.run, metadata } };
        await writes.runs.update(after);
        return after;
      });
      return runResult(record);
    },
  }),

  route('POST', '/threads/{thread_id}/runs/{run_id}/cancel', {
    handle: async ({ params, write }, { store }) => {
      await currentRun(store, params);
      const record = await write(async (writes) => {
        await lockedThread(writes, params.thread_id);
        return requestCancellation(writes, await existingRun(writes, params.thread_id, params.run_id));
      });
      return runResult(record);
    },
  }),

  route('POST', '/threads/{thread_id}/runs/{run_id}/submit_tool_outputs', {
    body: submitToolOutputsSchema,
    handle: async ({ params, body, headers, write }, dependencies) => {
      await currentRun(dependencies.store, params);
      const { before, after } = await write(async (writes) => {
        await lockedThread(writes, params.thread_id);
        const found = await existingRun(writes, params.thread_id, params.run_id);
        return { before: found.lastEvent, after: await acceptToolOutputs(writes, found, body.tool_outputs) };
      });
      observeRequest(dependencies, after, headers);
      return runOrStreamOf(dependencies, after, { stream: body.stream, after: before });
    },
  }),

  // An extension of the API: the events of a run from any position, for readers that were disconnected or connect late.
  route('GET', '/threads/{thread_id}/runs/{run_id}/events', {
    query: eventsQuerySchema,
    handle: async ({ params, query }, dependencies) => {
      const { run } = await currentRun(dependencies.store, params);
      return eventStream(dependencies, run.id, { after: query.after, end: 'terminal' });
    },
  }),
];
