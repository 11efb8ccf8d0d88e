import { graphql, graphqlAsEvents, graphqlByGet } from '../request.ts';
import { assistantId, threadId } from '../works.ts';
import { a1, a2, a4, w1, w2, w3, w4 } from './documents.ts';
import type { Subject } from './subject.ts';

/**
 * This project's own server, as `npm start` starts it: no setting but where to listen, what to stand in front of, and that it refuses
 * nothing however long the load makes it take, as no other subject does.
 */
export const assistantsGraphql: Subject = {
  name: 'assistants-graphql',
  label: 'assistants-graphql',
  start: (upstream) => ({
    args: ['dist/server.js'],
    cwd: new URL('../..', import.meta.url),
    env: { PORT: '0', ASSISTANTS_BASE_URL: upstream, OVERLOAD_QUEUE_MS: '0' },
    ready: /(http:\S+)\/graphql\n/,
  }),
  requests: {
    W1: graphql(w1, { threadId }),
    W2: graphql(w2, { assistantId }),
    W3: graphql(w3),
    W4: graphql(w4),
    A1: graphql(a1, { threadId }),
    A2: graphql(a2, { assistantId }),
    A4: graphql(a4),
    'A2-GET': graphqlByGet(a2, { assistantId }),
    'A2-SSE': graphqlAsEvents(a2, { assistantId }),
  },
};
