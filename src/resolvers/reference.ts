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
import { handedTo, type Selected, selectedFields } from './selection.ts';

declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    /** The field can be answered from its object's ids alone, so nothing needs to wait for the object. */
    fromIds?: boolean;
    /** The field is a list that only an object that exists has members in. */
    ownList?: boolean;
  }
}

/** An object of which only the ids are known, and how to get the rest of it. */
export interface Reference<Source> {
  type: NodeType;
  /** Holds the object's own id and its parents', which is all that a field marked `fromIds` reads. */
  ids: Source;
  load(): Source | Promise<Source | null>;
}

/**
 * A look-up: the object, or null where there is none. What else the selection can already ask for is asked beside it. Where
 * that is all that the selection needs, and a list of the object has members, the object itself is not fetched.
 */
export const lookUp = <Source>(
  reference: Reference<Source>,
  context: Context,
  info: GraphQLResolveInfo,
): Source | Promise<Source | null> => {
  if (!context.looksAhead) return reference.load();
  const fields = selectedFields(info, objectType(reference.type, info));
  const canBeShown =
    fields.every(({ field }) => field.extensions.fromIds) && fields.some(({ field }) => field.extensions.ownList);
  const object = canBeShown ? undefined : reference.load();
  const started = start(reference, context, info);
  for (const { result } of started) quietly(result);
  return object ?? shown(reference.ids, started, () => reference.load());
};

/**
 * An edge: as a look-up, but an object of which nothing but ids and what can be asked by them is needed is taken to
 * exist, unless one of those calls shows that it does not. Then the edge is null.
 */
export const follow = <Source>(
  reference: Reference<Source>,
  context: Context,
  info: GraphQLResolveInfo,
): Source | Promise<Source | null> => {
  if (needsObject(reference.type, info)) return lookUp(reference, context, info);
  const started = start(reference, context, info);
  return started.length === 0 ? reference.ids : shown(reference.ids, started, () => reference.ids);
};

/** The ids, as soon as a list shows that their object exists; null, as soon as a call shows that it does not; else `open()`. */
const shown = <Source>(ids: Source, started: Started[], open: () => Source | Promise<Source | null>) =>
  new Promise<Source | null>((resolve) => {
    let undecided = started.length;
    const pass = () => {
      undecided -= 1;
      if (undecided === 0) resolve(open());
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

/** Resolves the fields marked `fromIds` ahead of time; the loaders keep what they ask for until these are executed. */
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
  selected: Selected,
  ids: unknown,
  context: Context,
  parent: GraphQLResolveInfo,
): unknown => {
  try {
    const { args, info } = handedTo(selected, parent);
    return resolve(ids, args, context, info);
  } catch (error) {
    return Promise.reject(error);
  }
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
