import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import { assistantReference } from './assistant.ts';
import { fileReference } from './file.ts';
import { needsFileContent } from './fileContent.ts';
import { decodeGlobalId, type GlobalId, type NodeType } from './globalId.ts';
import { messageReference } from './message.ts';
import { follow, lookUp, type Reference } from './reference.ts';
import { runReference } from './run.ts';
import { runStepReference } from './runStep.ts';
import { threadReference } from './thread.ts';
import { vectorStoreReference } from './vectorStore.ts';
import { vectorStoreFileReference } from './vectorStoreFile.ts';

type ReferenceOf = (ids: string[], context: Context, info: GraphQLResolveInfo) => Reference<object>;

const references: Record<NodeType, ReferenceOf> = {
  Assistant: ([assistantId = ''], context) => assistantReference(assistantId, context),
  Thread: ([threadId = ''], context) => threadReference(threadId, context),
  Message: ([threadId = '', messageId = ''], context) => messageReference({ threadId, messageId }, context),
  Run: ([threadId = '', runId = ''], context) => runReference({ threadId, runId }, context),
  RunStep: ([threadId = '', runId = '', stepId = ''], context, info) =>
    runStepReference({ threadId, runId, stepId, include: needsFileContent(info) }, context),
  File: ([fileId = ''], context) => fileReference(fileId, context),
  VectorStore: ([vectorStoreId = ''], context) => vectorStoreReference(vectorStoreId, context),
  VectorStoreFile: ([vectorStoreId = '', fileId = ''], context) =>
    vectorStoreFileReference({ vectorStoreId, fileId }, context),
};

/**
 * The object with a global id, or null. It has a `__typename`, from which graphql-js resolves the type of a Node. Rejects with
 * BAD_USER_INPUT if the id is malformed.
 */
export const nodeById = async (globalId: string, context: Context, info: GraphQLResolveInfo) => {
  const { type, ids } = decodeGlobalId(globalId);
  return named(type, await lookUp(references[type](ids, context, info), context, info));
};

/** Like `nodeById`, but selecting only ids costs no REST call, as for an edge. */
export const nodeByIds = async ({ type, ids }: GlobalId, context: Context, info: GraphQLResolveInfo) =>
  named(type, await follow(references[type](ids, context, info), context, info));

const named = (type: NodeType, object: object | null) => object && Object.assign(object, { __typename: type });
