import type { PageQuery } from '../wire/page.ts';
import type {
  CreateRunBody,
  CreateThreadAndRunBody,
  ModifyRunBody,
  RestRun,
  SubmitToolOutputsBody,
} from '../wire/run.ts';
import { objectOf, pageOf, polled } from './answer.ts';
import type { RestClient } from './client.ts';
import { type IncludeOption, includeQuery } from './include.ts';
import { path } from './path.ts';
import { runEvents } from './runEvents.ts';
import type { Sent } from './sent.ts';

const runIn = (threadId: string) => objectOf<RestRun>({ thread_id: threadId });
const streamed = <Body extends object>(body: Body) => ({ ...body, stream: true });
const runInNewThread = objectOf<RestRun>({ thread_id: undefined });

/** The seven operations on runs; three of them also answer as a stream of events. */
export const runs = (client: RestClient) => ({
  create: async (threadId: string, body: Sent<CreateRunBody>, options: IncludeOption = {}) =>
    client.post(path`/threads/${threadId}/runs`, runIn(threadId), body, includeQuery(options)),

  createWithThread: async (body: Sent<CreateThreadAndRunBody>) =>
    client.post(path`/threads/runs`, runInNewThread, body),

  retrieve: async (threadId: string, runId: string) =>
    client.get(path`/threads/${threadId}/runs/${runId}`, runIn(threadId)),

  poll: async (threadId: string, runId: string) =>
    client.get(path`/threads/${threadId}/runs/${runId}`, polled(runIn(threadId))),

  modify: async (threadId: string, runId: string, body: Sent<ModifyRunBody>) =>
    client.post(path`/threads/${threadId}/runs/${runId}`, runIn(threadId), body),

  cancel: async (threadId: string, runId: string) =>
    client.post(path`/threads/${threadId}/runs/${runId}/cancel`, runIn(threadId)),

  submitToolOutputs: async (threadId: string, runId: string, body: Sent<SubmitToolOutputsBody>) =>
    client.post(path`/threads/${threadId}/runs/${runId}/submit_tool_outputs`, runIn(threadId), body),

  createStream: (threadId: string, body: Sent<CreateRunBody>, options: IncludeOption = {}) =>
    client.stream(path`/threads/${threadId}/runs`, runEvents({ threadId }), streamed(body), includeQuery(options)),

  createWithThreadStream: (body: Sent<CreateThreadAndRunBody>) =>
    client.stream(path`/threads/runs`, runEvents(), streamed(body)),

  submitToolOutputsStream: (threadId: string, runId: string, body: Sent<SubmitToolOutputsBody>) =>
    client.stream(
      path`/threads/${threadId}/runs/${runId}/submit_tool_outputs`,
      runEvents({ threadId, runId }),
      streamed(body),
    ),

  /** What happened to a run after the event numbered `after`, and then what happens, to its end. An extension of the engine. */
  events: (threadId: string, runId: string, after = 0) =>
    client.stream(path`/threads/${threadId}/runs/${runId}/events`, runEvents({ threadId, runId }), undefined, {
      after,
    }),

  list: async (threadId: string, query: PageQuery) =>
    client.get(path`/threads/${threadId}/runs`, pageOf<RestRun>(query.limit, { thread_id: threadId }), { ...query }),
});
