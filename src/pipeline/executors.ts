import { prepareByGraphqlJs } from '../execution/graphqlJs.ts';
import { type Prepare, prepare } from '../execution/prepared.ts';

/** What executes queries and mutations: `compiled` writes results at a fraction of the cost of graphql-js. */
export const executors = {
  compiled: prepare,
  'graphql-js': prepareByGraphqlJs,
} satisfies Record<string, Prepare>;

export type ExecutorName = keyof typeof executors;
