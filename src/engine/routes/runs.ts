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
import { openRunFeed, type RunFeed } from '../runs/runFeed.ts';
import { startRun, startThreadAndRun } from '../runs/start.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';
import type { RunRecord } from '../store/access/runs.ts';
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
import type { RouteDependencies } from './routeDependencies.ts';
import { observeRequest, startRunOf } from './startRun.ts';

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
    feed,
    include = [],
  }: { stream: boolean | null | undefined; feed: RunFeed | undefined; include?: string[] | undefined },
): RouteResult =>
  stream === true
    ? eventStream(dependencies, feed ?? openRunFeed(dependencies.store, record.run.id, 0), {
        end: 'requires_action',
        hasSearchContent: include.length > 0,
      })
    : runResult(record);

export const runRoutes = [
  route('POST', '/threads/runs', {
    body: createThreadAndRunSchema,
    handle: async (request, dependencies) => {
      const { body } = request;
      const { record, feed } = await startRunOf(request, dependencies, (writes, options) =>
        startThreadAndRun(writes, body, options),
      );
      return runOrStreamOf(dependencies, record, { stream: body.stream, feed });
    },
  }),

  route('POST', '/threads/{thread_id}/runs', {
    body: createRunSchema,
    query: includeQuerySchema,
    handle: async (request, dependencies) => {
      const { body, query } = request;
      const { thread_id: threadId } = request.params;
      const { record, feed } = await startRunOf(request, dependencies, async (writes, options) => {
        const thread = await lockedThread(writes, threadId);
        const active = await activeRunOf(writes, threadId);
        if (active !== undefined) throw httpErrors.runDuringRun(threadId, active.run.id);
        await addMessages(writes, thread, body.additional_messages ?? []);
        return startRun(writes, threadId, body, options);
      });
      return runOrStreamOf(dependencies, record, { stream: body.stream, feed, include: query['include[]'] });
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
      const { store } = dependencies;
      await currentRun(store, params);
      const { before, after } = await write(async (writes) => {
        await lockedThread(writes, params.thread_id);
        const found = await existingRun(writes, params.thread_id, params.run_id);
        return { before: found.lastEvent, after: await acceptToolOutputs(writes, found, body.tool_outputs) };
      });
      observeRequest(dependencies, after, headers);
      const feed = body.stream === true ? openRunFeed(store, after.run.id, before) : undefined;
      return runOrStreamOf(dependencies, after, { stream: body.stream, feed });
    },
  }),

  // An extension of the API: the events of a run from any position, for readers that were disconnected or connect late.
  route('GET', '/threads/{thread_id}/runs/{run_id}/events', {
    query: eventsQuerySchema,
    handle: async ({ params, query }, dependencies) => {
      const { run } = await currentRun(dependencies.store, params);
      return eventStream(dependencies, openRunFeed(dependencies.store, run.id, query.after), { end: 'terminal' });
    },
  }),
];
