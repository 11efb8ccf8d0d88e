import { pagesOf } from '../pages.ts';
import type { ThreadResource } from './resource.ts';

export const exportedMessages: ThreadResource = {
  name: 'messages',
  pages: (rest, threadId) => pagesOf('messages', (request) => rest.messages.list(threadId, request)),
};
