import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import { assistantById } from './assistant.ts';
import { decodeGlobalId, type NodeType } from './globalId.ts';
import { messageById } from './message.ts';
import { runById } from './run.ts';
import { runStepById } from './runStep.ts';
import { threadById } from './thread.ts';

type LookUp = (ids: string[], context: Context, info: GraphQLResolveInfo) => Promise<object | null>;

const lookUps: Record<NodeType, LookUp> = {
  Assistant: ([assistantId = ''], context, info) => assistantById(assistantId, context, info),
  Thread: ([threadId = ''], context, info) => threadById(threadId, context, info),
  Message: ([threadId = '', messageId = ''], context, info) => messageById({ threadId, messageId }, context, info),
  Run: ([threadId = '', runId = ''], context, info) => runById({ threadId, runId }, context, info),
  RunStep: ([threadId = '', runId = '', stepId = ''], context, info) =>
    runStepById({ threadId, runId, stepId }, context, info),
};

/**
 * The object that a global id names, or null. It carries its `__typename`, by which graphql-js tells the implementations
 * of an interface apart. Rejects with BAD_USER_INPUT where the id is malformed.
 */
export const nodeById = async (globalId: string, context: Context, info: GraphQLResolveInfo) => {
  const { type, ids } = decodeGlobalId(globalId);
  const object = await lookUps[type](ids, context, info);
  return object && Object.assign(object, { __typename: type });
};
