import type { FieldNode, GraphQLObjectType, GraphQLResolveInfo } from 'graphql';
import { selects } from './selection.ts';

/**
 * Whether the steps read here are asked for the content of their file-search results. Steps that are reached from them
 * through another object are another REST call, which decides for itself. Worked out once a place of the document.
 */
export const needsFileContent = (info: GraphQLResolveInfo): boolean => {
  const needs = memory.get(info.fieldNodes) ?? selectsContent(info, (type) => type.name === 'RunStep' || !isNode(type));
  memory.set(info.fieldNodes, needs);
  return needs;
};

const memory = new WeakMap<readonly FieldNode[], boolean>();

/** As `needsFileContent`, for a write whose payload leads to steps through its run. */
export const payloadNeedsFileContent = (info: GraphQLResolveInfo) => selectsContent(info, () => true);

const selectsContent = (info: GraphQLResolveInfo, enter: (type: GraphQLObjectType) => boolean) =>
  selects(info, 'FileSearchResult', 'content', enter);

const isNode = (type: GraphQLObjectType) => type.getInterfaces().some(({ name }) => name === 'Node');
