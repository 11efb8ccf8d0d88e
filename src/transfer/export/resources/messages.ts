import { pagesOf } from '../pages.ts';
import type { ThreadResource } from './resource.ts';

export const messages: ThreadResource = {
  name: 'messages',
  pages: (rest, threadId) => pagesOf('messages', (request) => rest.messages.list(threadId, request)),
};
