import {
  defaultTypeResolver,
  GraphQLError,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  isObjectType,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import type { Complete, Position } from './execution.ts';
import { isPromise } from './promises.ts';
import { type ObjectPlan, writeObject } from './plan.ts';
import { pureResolverOf } from './purity.ts';
import { fieldPathOf, infoOf, nameOf, type Selected, type Source } from './selection.ts';

/** Writes objects of one type. The selection is planned when the first of them comes. */
export const completeObject = (
  type: GraphQLObjectType,
  plan: () => ObjectPlan,
  source: Source,
  selected: Selected,
  nullable: boolean,
): Complete => {
  let planned: ObjectPlan | undefined;
  const write: Complete = (execution, value, path) => writeObject((planned ??= plan()), execution, value, path);
  const { isTypeOf } = type;
  if (!isTypeOf) return write;
  const { nodes } = selected;
  return (execution, value, path) => {
    const writeIf = (isOfType: unknown) => {
      if (!isOfType) {
        throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes });
      }
      write(execution, value, path);
    };
    const info = infoOf(source, selected, execution, fieldPathOf(path));
    const isOfType: unknown = isTypeOf(value, execution.context, info);
    if (isPromise(isOfType)) execution.defer(thunkOf(isOfType, writeIf), path, thunkAt(selected, nullable));
    else writeIf(isOfType);
  };
};

/** Resolves with a function that goes on with what was promised: as a value of its own, null or an error would be one of the field. */
const thunkOf = async (promised: PromiseLike<unknown>, proceed: (resolved: unknown) => void) => {
  const resolved = await promised;
  return () => proceed(resolved);
};

const thunkAt = (selected: Selected, nullable: boolean): Position => ({
  nodes: selected.nodes,
  nullable,
  fieldName: nameOf(selected),
  complete: (_, thunk) => (thunk as () => void)(),
});

/** Writes objects of the types of an interface or a union. */
export const completeAbstract = (
  type: GraphQLAbstractType,
  completeAs: (type: GraphQLObjectType) => Complete,
  source: Source,
  selected: Selected,
  nullable: boolean,
): Complete => {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const byName = new Map<unknown, Complete>();
  const completeNamed = (name: unknown, value: unknown): Complete => {
    const known = byName.get(name);
    if (known) return known;
    const complete = completeAs(runtimeType(name, value, type, source, selected));
    byName.set(name, complete);
    return complete;
  };
  const pure = pureResolverOf(resolveType);
  if (pure) {
    const typeNameOf = pure.valueOf as (value: unknown) => unknown;
    return (execution, value, path) => completeNamed(typeNameOf(value), value)(execution, value, path);
  }
  return (execution, value, path) => {
    const info = infoOf(source, selected, execution, fieldPathOf(path));
    const name: unknown = resolveType(value, execution.context, info, type);
    const writeAs = (resolved: unknown) => completeNamed(resolved, value)(execution, value, path);
    if (isPromise(name)) execution.defer(thunkOf(name, writeAs), path, thunkAt(selected, nullable));
    else completeNamed(name, value)(execution, value, path);
  };
};

/** The type of that name. Throws, in the words of graphql-js, if an object of the abstract type cannot be of it. */
const runtimeType = (
  name: unknown,
  value: unknown,
  type: GraphQLAbstractType,
  { schema }: Source,
  selected: Selected,
): GraphQLObjectType => {
  const { nodes } = selected;
  const must = `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${nameOf(selected)}"`;
  if (name == null) {
    throw new GraphQLError(
      `${must}. Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(`${must} with value ${inspect(value)}, received "${inspect(name)}".`);
  }
  const runtime = schema.getType(name);
  if (runtime === undefined) {
    throw new GraphQLError(
      `Abstract type "${type.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
      { nodes },
    );
  }
  if (!isObjectType(runtime)) {
    throw new GraphQLError(`Abstract type "${type.name}" was resolved to a non-object type "${name}".`, { nodes });
  }
  if (!schema.isSubType(type, runtime)) {
    throw new GraphQLError(`Runtime Object type "${runtime.name}" is not a possible type for "${type.name}".`, {
      nodes,
    });
  }
  return runtime;
};
