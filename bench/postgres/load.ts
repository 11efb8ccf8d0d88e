import { type Acknowledged, type KnownRun } from './violations.ts';
import { follow, overGraphql, overRest } from './follow.ts';
import { post, type RequestCounts } from './requests.ts';

export interface LoadOptions {
  /** Of the balancer. */
  readonly url: string;
  readonly clients: number;
  readonly counts: RequestCounts;
  readonly acknowledged: Acknowledged;
  /** Ends the load: each client finishes its run. */
  readonly signal: AbortSignal;
}

/** Runs of one thread, after which a client begins another one. */
const runsPerThread = 5;

/**
 * Clients that each add a message to a thread, run it, and follow the run by the REST API and by GraphQL at the same time. Rejects if
 * one of their requests is rejected, such as one to a thread whose run has ended and that is still locked.
 */
export const load = async ({ url, clients, counts, acknowledged, signal }: LoadOptions): Promise<void> => {
  const send = <Result>(path: string, body: object) => post<Result>(url, counts, path, body);
  const { id: assistantId } = await send<{ id: string }>('/assistants', { model: 'bench' });

  const runOn = async (threadId: string) => {
    const message = await send<{ id: string }>(`/threads/${threadId}/messages`, { role: 'user', content: 'hello' });
    acknowledged.messageIds.push(message.id);
    const { id: runId } = await send<{ id: string }>(`/threads/${threadId}/runs`, { assistant_id: assistantId });
    const key = { threadId, runId };
    const run: KnownRun = { ...key, followed: [] };
    acknowledged.runs.push(run);
    run.followed = await Promise.all([follow(url, overRest, key), follow(url, overGraphql, key)]);
  };
  const client = async () => {
    while (!signal.aborted) {
      const { id: threadId } = await send<{ id: string }>('/threads', {});
      acknowledged.threadIds.push(threadId);
      for (let runs = 0; runs < runsPerThread && !signal.aborted; runs += 1) await runOn(threadId);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
};
