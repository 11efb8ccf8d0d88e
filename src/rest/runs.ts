import type { PageQuery } from '../wire/page.ts';
import type {
  CreateRunBody,
  CreateThreadAndRunBody,
  ModifyRunBody,
  RestRun,
  SubmitToolOutputsBody,
} from '../wire/run.ts';
import type { WriteOptions } from './callerOptions.ts';
import { objectOf, pageOf, polled } from './parseBody.ts';
import type { RestClient } from './client.ts';
import { type IncludeOption, includeParameter } from './includeOption.ts';
import { path } from './path.ts';
import { decodeRunEvents } from './decodeRunEvent.ts';
import type { RequestBody } from './requestBody.ts';

const runIn = (threadId: string) => objectOf<RestRun>({ thread_id: threadId });
const streaming = <Body extends object>(body: Body) => ({ ...body, stream: true });
const runInNewThread = objectOf<RestRun>({ thread_id: undefined });

/** The seven operations on runs; three of them can also return a stream of events. */
export const runs = (client: RestClient) => ({
  create: async (threadId: string, body: RequestBody<CreateRunBody>, options: IncludeOption & WriteOptions = {}) =>
    client.post(path`/threads/${threadId}/runs`, runIn(threadId), body, includeParameter(options), options),

  createWithThread: async (body: RequestBody<CreateThreadAndRunBody>, write?: WriteOptions) =>
    client.post(path`/threads/runs`, runInNewThread, body, undefined, write),

  retrieve: async (threadId: string, runId: string) =>
    client.get(path`/threads/${threadId}/runs/${runId}`, runIn(threadId)),

  /** As `retrieve`, with the interval at which the server wants to be polled. */
  poll: async (threadId: string, runId: string) =>
    client.get(path`/threads/${threadId}/runs/${runId}`, polled(runIn(threadId))),

  modify: async (threadId: string, runId: string, body: RequestBody<ModifyRunBody>, write?: WriteOptions) =>
    client.post(path`/threads/${threadId}/runs/${runId}`, runIn(threadId), body, undefined, write),

  cancel: async (threadId: string, runId: string, write?: WriteOptions) =>
    client.post(path`/threads/${threadId}/runs/${runId}/cancel`, runIn(threadId), undefined, undefined, write),

  submitToolOutputs: async (
    threadId: string,
    runId: string,
    body: RequestBody<SubmitToolOutputsBody>,
    write?: WriteOptions,
  ) =>
    client.post(path`/threads/${threadId}/runs/${runId}/submit_tool_outputs`, runIn(threadId), body, undefined, write),

  createStream: (threadId: string, body: RequestBody<CreateRunBody>, options: IncludeOption & WriteOptions = {}) =>
    client.stream(
      path`/threads/${threadId}/runs`,
      decodeRunEvents({ threadId }),
      streaming(body),
      includeParameter(options),
      options,
    ),

  createWithThreadStream: (body: RequestBody<CreateThreadAndRunBody>, write?: WriteOptions) =>
    client.stream(path`/threads/runs`, decodeRunEvents(), streaming(body), undefined, write),

  submitToolOutputsStream: (
    threadId: string,
    runId: string,
    body: RequestBody<SubmitToolOutputsBody>,
    write?: WriteOptions,
  ) =>
    client.stream(
      path`/threads/${threadId}/runs/${runId}/submit_tool_outputs`,
      decodeRunEvents({ threadId, runId }),
      streaming(body),
      undefined,
      write,
    ),

  /** The events of a run after the one numbered `after`, past and future, to its end. An extension of the engine. */
  events: (threadId: string, runId: string, after = 0) =>
    client.stream(path`/threads/${threadId}/runs/${runId}/events`, decodeRunEvents({ threadId, runId }), undefined, {
      after,
    }),

  list: async (threadId: string, query: PageQuery) =>
    client.get(path`/threads/${threadId}/runs`, pageOf<RestRun>(query.limit, { thread_id: threadId }), { ...query }),
});
