import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import type { RestThread } from '../../src/wire/thread.ts';

/** GETs a path of the REST API, such as `/assistants?limit=100`, and parses the JSON. */
export type Get = <T>(path: string) => Promise<T>;

/** The REST calls of the work, over the HTTP client of a peer. */
export const restOver = (get: Get) => ({
  assistant: (id: string) => get<RestAssistant>(`/assistants/${id}`),
  assistants: (limit: number) => get<RestPage<RestAssistant>>(`/assistants?limit=${limit}`),
  thread: (id: string) => get<RestThread>(`/threads/${id}`),
  runs: (threadId: string, limit: number) => get<RestPage<RestRun>>(`/threads/${threadId}/runs?limit=${limit}`),
  messages: (threadId: string, limit: number) =>
    get<RestPage<RestMessage>>(`/threads/${threadId}/messages?limit=${limit}`),
  message: (threadId: string, id: string) => get<RestMessage>(`/threads/${threadId}/messages/${id}`),
  steps: (run: RestRun, limit: number) =>
    get<RestPage<RestRunStep>>(`/threads/${run.thread_id}/runs/${run.id}/steps?limit=${limit}`),
});

export type PeerRest = ReturnType<typeof restOver>;
