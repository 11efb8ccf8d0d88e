import { getNamedType, type GraphQLObjectType, type GraphQLResolveInfo, isLeafType, isObjectType } from 'graphql';
import type { Context } from '../context.ts';
import { isMissing } from '../rest/errors/apiError.ts';
import type { NodeType } from './globalId.ts';
import { selectedFields } from './selection.ts';

declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    /** The field can be answered from its object's ids alone, so nothing needs to wait for the object. */
    fromIds?: boolean;
  }
}

/** An object of which only the ids are known, and how to get the rest of it. */
export interface Reference<Source> {
  type: NodeType;
  /** Holds the object's own id and its parents', which is all that a field marked `fromIds` reads. */
  ids: Source;
  load(): Source | Promise<Source | null>;
}

/** A look-up: the object, or null where there is none. What else the selection can already ask for is asked beside it. */
export const lookUp = <Source>(reference: Reference<Source>, context: Context, info: GraphQLResolveInfo) => {
  const object = reference.load();
  if (object instanceof Promise && context.looksAhead) {
    for (const started of start(reference, context, info)) quietly(started);
  }
  return object;
};

/**
 * An edge: as a look-up, but where the selection needs nothing but ids and what can be asked by them, the object itself
 * is not fetched. If one of those calls shows that it is gone, the edge is null.
 */
export const follow = <Source>(
  reference: Reference<Source>,
  context: Context,
  info: GraphQLResolveInfo,
): Source | Promise<Source | null> => {
  if (needsObject(reference.type, info)) return lookUp(reference, context, info);
  const started = start(reference, context, info);
  return started.length === 0 ? reference.ids : whereItExists(reference.ids, started);
};

const whereItExists = async <Source>(ids: Source, started: Promise<unknown>[]) => {
  const outcomes = await Promise.allSettled(started);
  return outcomes.some((outcome) => outcome.status === 'rejected' && isMissing(outcome.reason)) ? null : ids;
};

const needsObject = (type: NodeType, info: GraphQLResolveInfo) =>
  selectedFields(info, objectType(type, info)).some(({ field }) => !field.extensions.fromIds);

/** Resolves the fields marked `fromIds` ahead of time; the loaders keep what they ask for until graphql-js comes to them. */
const start = <Source>({ type, ids }: Reference<Source>, context: Context, info: GraphQLResolveInfo) => {
  const started: Promise<unknown>[] = [];
  for (const { field, args, info: fieldInfo } of selectedFields(info, objectType(type, info))) {
    if (!field.extensions.fromIds || !field.resolve || isLeafType(getNamedType(field.type))) continue;
    const result = field.resolve(ids, args, context, fieldInfo);
    if (result instanceof Promise) started.push(result);
  }
  return started;
};

/** The field itself reports its failure, if anyone still asks for it. */
const quietly = (started: Promise<unknown>) => {
  started.catch(() => {});
};

const objectType = (name: NodeType, { schema }: GraphQLResolveInfo): GraphQLObjectType => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`The schema has no object type "${name}".`);
  return type;
};
