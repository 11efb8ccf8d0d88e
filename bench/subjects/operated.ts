import { assistantsGraphql } from './assistants-graphql.ts';
import type { Subject } from './subject.ts';
import type { Work } from '../works.ts';
import type { WorkRequest } from '../request.ts';

const TOKEN = 'benchmark-4f8a1c9e7b2d6035';
const API_KEY = 'sk-proj-Vt3mQ9xKz7Lw2RbN8fHcYp4J';

const authenticated = Object.entries(assistantsGraphql.requests).map(([work, request]) => [
  work,
  { ...request, headers: { ...request.headers, authorization: `Bearer ${TOKEN}` } },
]);

/** This server as it is operated: clients authenticate, and metrics are on in addition to limits and the log. */
export const operated: Subject = {
  ...assistantsGraphql,
  name: 'operated',
  label: 'assistants-graphql with authentication and metrics',
  start: async (upstream) => {
    const start = await assistantsGraphql.start(upstream);
    return {
      ...start,
      env: {
        ...start.env,
        ACCESS: 'server',
        ACCESS_TOKENS: JSON.stringify({ benchmark: TOKEN }),
        ASSISTANTS_API_KEY: API_KEY,
        METRICS: 'on',
      },
    };
  },
  requests: Object.fromEntries(authenticated) as Partial<Record<Work, WorkRequest>>,
};
