import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { fields } from './fields.ts';
import type { PeerRest } from './rest.ts';

interface Limit {
  limit: number;
}

/** Resolvers as one writes them first: each field asks for what it needs. `restOf` takes the REST client from the context. */
export const resolversOver = <Context>(restOf: (context: Context) => PeerRest) => ({
  Query: {
    thread: (_: unknown, { id }: { id: string }, context: Context) => restOf(context).thread(id),
    message: (_: unknown, { threadId, id }: { threadId: string; id: string }, context: Context) =>
      restOf(context).message(threadId, id),
    assistant: (_: unknown, { id }: { id: string }, context: Context) => restOf(context).assistant(id),
    assistants: async (_: unknown, { limit }: Limit, context: Context) =>
      (await restOf(context).assistants(limit)).data,
  },
  ...fields,
  Thread: {
    runs: async (thread: RestThread, { limit }: Limit, context: Context) =>
      (await restOf(context).runs(thread.id, limit)).data,
    messages: async (thread: RestThread, { limit }: Limit, context: Context) =>
      (await restOf(context).messages(thread.id, limit)).data,
  },
  Run: {
    assistant: (run: RestRun, _: unknown, context: Context) => restOf(context).assistant(run.assistant_id),
    steps: async (run: RestRun, { limit }: Limit, context: Context) => (await restOf(context).steps(run, limit)).data,
  },
  Message: {
    ...fields.Message,
    assistant: (message: RestMessage, _: unknown, context: Context) =>
      message.assistant_id === null ? null : restOf(context).assistant(message.assistant_id),
  },
});
