import type { CreateThreadBody, RestThread } from '../wire/thread.ts';
import { unixSeconds } from './clock.ts';
import { newId } from './ids.ts';
import { addMessages } from './messages.ts';
import type { StoreWrites } from './store/store.ts';
import { noThreadUsage } from './threadUsage.ts';
import { storedToolResources } from './toolResources.ts';
import { threadStoreExpiry } from './vectorStores/vectorStore.ts';

/** Adds a thread with its first messages. Returns it as the API does. */
export const addThread = async (writes: StoreWrites, body: CreateThreadBody): Promise<RestThread> => {
  const thread: RestThread = {
    id: newId('thread'),
    object: 'thread',
    created_at: unixSeconds(),
    tool_resources: await storedToolResources(writes, body.tool_resources, threadStoreExpiry),
    metadata: body.metadata ?? {},
  };
  await writes.threads.insert(thread);
  const added = await addMessages(writes, thread, body.messages ?? []);
  return { ...added.thread, usage: noThreadUsage };
};
