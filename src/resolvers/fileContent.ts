import type { FieldNode, GraphQLObjectType, GraphQLResolveInfo } from 'graphql';
import { selects } from './selection.ts';

/**
 * Whether the selection under these steps includes the content of file search results. Steps that are reached through another
 * object are read by another REST call, which decides for itself. Computed once for each field of the document.
 */
export const needsFileContent = (info: GraphQLResolveInfo): boolean => {
  const needs = memory.get(info.fieldNodes) ?? selectsContent(info, (type) => type.name === 'RunStep' || !isNode(type));
  memory.set(info.fieldNodes, needs);
  return needs;
};

const memory = new WeakMap<readonly FieldNode[], boolean>();

/** Like `needsFileContent`, for a mutation whose payload leads to steps through its run. */
export const payloadNeedsFileContent = (info: GraphQLResolveInfo) => selectsContent(info, () => true);

const selectsContent = (info: GraphQLResolveInfo, enter: (type: GraphQLObjectType) => boolean) =>
  selects(info, 'FileSearchResult', 'content', enter);

const isNode = (type: GraphQLObjectType) => type.getInterfaces().some(({ name }) => name === 'Node');
