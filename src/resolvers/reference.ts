import {
  getNamedType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context/context.ts';
import { isMissing } from '../rest/errors/apiError.ts';
import type { NodeType } from './globalId.ts';
import { Connection } from './connection.ts';
import { argumentsAndInfo, type SelectedField, selectedFields } from './selection.ts';

declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    /** The field needs only the ids of its object, so it can be resolved before the object has been read. */
    fromIds?: boolean;
    /** The field is a list that has items only if its object exists. */
    ownList?: boolean;
  }
}

/** A reference: an object of which only ids are known yet, and how to read it. */
export interface Reference<Source> {
  type: NodeType;
  /** The object's own id and those of its parents: all that a field marked `fromIds` reads. */
  ids: Source;
  load(): Source | Promise<Source | null>;
}

/**
 * A look-up: the object, or null if it does not exist. Fields that need only its ids are resolved in the same round trip. If the
 * selection has only such fields, and a list among them has items, the object itself is not read.
 */
export const lookUp = <Source>(
  reference: Reference<Source>,
  context: Context,
  info: GraphQLResolveInfo,
): Source | Promise<Source | null> => {
  if (!context.looksAhead) return reference.load();
  const fields = selectedFields(info, objectType(reference.type, info));
  const listsSuffice =
    fields.every(({ field }) => field.extensions.fromIds) && fields.some(({ field }) => field.extensions.ownList);
  const object = listsSuffice ? undefined : reference.load();
  const started = start(reference, context, info);
  for (const { result } of started) ignoreRejection(result);
  return object ?? existing(reference.ids, started, () => reference.load());
};

/**
 * An edge: like a look-up, but if the selection has only fields that need the ids, the object is assumed to exist. The edge is
 * null if one of their REST calls shows that it does not.
 */
export const follow = <Source>(
  reference: Reference<Source>,
  context: Context,
  info: GraphQLResolveInfo,
): Source | Promise<Source | null> => {
  if (needsObject(reference.type, info)) return lookUp(reference, context, info);
  const started = start(reference, context, info);
  return started.length === 0 ? reference.ids : existing(reference.ids, started, () => reference.ids);
};

/** The ids as soon as a list shows that the object exists; null as soon as a call shows that it does not; otherwise `undecided()`. */
const existing = <Source>(ids: Source, started: Started[], undecided: () => Source | Promise<Source | null>) =>
  new Promise<Source | null>((resolve) => {
    let pending = started.length;
    const pass = () => {
      pending -= 1;
      if (pending === 0) resolve(undecided());
    };
    for (const { result, ownList } of started) {
      result.then(
        (list) => (ownList && hasMembers(list) ? resolve(ids) : pass()),
        (error: unknown) => (isMissing(error) ? resolve(null) : pass()),
      );
    }
  });

const hasMembers = (list: unknown) => list instanceof Connection && list.nodes.length > 0;

const needsObject = (type: NodeType, info: GraphQLResolveInfo) =>
  selectedFields(info, objectType(type, info)).some(({ field }) => !field.extensions.fromIds);

interface Started {
  result: Promise<unknown>;
  ownList: boolean;
}

/** Resolves the fields marked `fromIds` ahead of time. The loaders keep the results until the fields are executed. */
const start = <Source>({ type, ids }: Reference<Source>, context: Context, info: GraphQLResolveInfo) => {
  const started: Started[] = [];
  for (const selected of selectedFields(info, objectType(type, info))) {
    const { field } = selected;
    const { fromIds, ownList = false } = field.extensions;
    if (!fromIds || !field.resolve || isLeafType(getNamedType(field.type))) continue;
    const result = resolveAhead(field.resolve, selected, ids, context, info);
    if (result instanceof Promise || result instanceof Connection)
      started.push({ result: Promise.resolve(result), ownList });
  }
  return started;
};

const resolveAhead = (
  resolve: GraphQLFieldResolver<unknown, Context>,
  selected: SelectedField,
  ids: unknown,
  context: Context,
  parent: GraphQLResolveInfo,
): unknown => {
  try {
    const { args, info } = argumentsAndInfo(selected, parent);
    return resolve(ids, args, context, info);
  } catch (error) {
    return Promise.reject(error);
  }
};

/** The failure is reported when the field itself is executed. */
const ignoreRejection = (started: Promise<unknown>) => {
  started.catch(() => {});
};

const objectType = (name: NodeType, { schema }: GraphQLResolveInfo): GraphQLObjectType => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`The schema has no object type "${name}".`);
  return type;
};
