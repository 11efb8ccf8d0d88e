import { built } from '../machine/build.ts';
import type { Subject } from '../subjects/subject.ts';
import { assistantId, messageIds, threadId } from '../works.ts';

/** What the others are compared with. */
export const oracle: Subject = {
  name: 'oracle',
  label: 'by hand, without GraphQL',
  start: async (upstream) => ({
    args: [await built('oracle', new URL('server.ts', import.meta.url))],
    env: { UPSTREAM: upstream },
  }),
  requests: {
    W1: { method: 'GET', path: `/conversations/${threadId}` },
    W2: { method: 'GET', path: `/assistants/${assistantId}` },
    W3: { method: 'GET', path: `/messages/${threadId}/${messageIds.join(',')}` },
    W4: { method: 'GET', path: '/assistants' },
    A1: { method: 'GET', path: `/typed/conversations/${threadId}` },
    A2: { method: 'GET', path: `/typed/assistants/${assistantId}` },
    A4: { method: 'GET', path: '/typed/assistants' },
    'A2-GET': { method: 'GET', path: `/typed/assistants/${assistantId}` },
    'A2-SSE': { method: 'GET', path: `/typed/assistants/${assistantId}`, accept: 'text/event-stream' },
  },
};
