import {
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import type { Path } from './box.ts';
import { type QuickField, type QuickPlace, wrote } from './quick.ts';
import type { Place, Run } from './run.ts';

/** What a document says, of which one operation is executed. */
export interface Source {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
}

/** A field at one place of a document, on one type. */
export interface Selected {
  readonly field: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  /** Its alias, or its name. */
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  /** No other of the plan has it. */
  readonly number: number;
}

/** Writes the value that a field of an object has, as JSON. Throws where a null may not stand and nothing else can. */
export type WriteField = (run: Run, object: Record<string, unknown>, at: Path | undefined) => void;

/** A field that only shows a member of its object is read without being resolved. */
export const writerOf = (source: Source, selected: Selected, place: Place): WriteField => {
  const { field, parentType, key } = selected;
  const pathIn = (prev: Path | undefined): Path => ({ prev, key, typename: parentType.name });

  const { pothosExposedField: member } = field.extensions;
  if (typeof member === 'string') {
    return (run, object, at) => {
      const value = object[member];
      if (!wrote(place, value, run.out)) run.place(value, pathIn(at), place);
    };
  }
  const { resolve = defaultFieldResolver } = field;
  const argsIn = argumentsOf(selected);
  const infoOf = infosOf(source, selected);
  return (run, object, at) => {
    const path = pathIn(at);
    let value: unknown;
    try {
      value = resolve(object, argsIn(run), run.context, infoOf(run, path));
    } catch (error) {
      run.failed(error, path, place);
      return;
    }
    if (!wrote(place, value, run.out)) run.place(value, path, place);
  };
};

/**
 * A field that shows a member of its object, or whose resolver has no parameter but the object: so it can be asked again,
 * should the object need a closer look. Undefined for any other.
 */
export const quickFieldOf = (
  { field: { args, resolve, extensions } }: Selected,
  { quick, nullable }: QuickPlace,
  before: Uint8Array,
): QuickField | undefined => {
  const { pothosExposedField: member } = extensions;
  if (typeof member === 'string') return { before, member, valueOf: (object) => object, quick, nullable };
  if (resolve === undefined || resolve.length > 1 || args.length > 0) return undefined;
  return { before, member: undefined, valueOf: resolve as (object: unknown) => unknown, quick, nullable };
};

/** What graphql-js tells a resolver of where it is. */
export const infosOf = (source: Source, selected: Selected) => (run: Run, path: Path) =>
  new Info(source, selected, run.variables, path);

/** Little of it is ever read. */
class Info implements GraphQLResolveInfo {
  readonly path: Path;
  readonly variableValues: Record<string, unknown>;
  readonly #source: Source;
  readonly #selected: Selected;

  constructor(source: Source, selected: Selected, variableValues: Record<string, unknown>, path: Path) {
    this.#source = source;
    this.#selected = selected;
    this.variableValues = variableValues;
    this.path = path;
  }

  get fieldName() {
    return this.#selected.field.name;
  }

  get fieldNodes() {
    return this.#selected.nodes;
  }

  get returnType() {
    return this.#selected.field.type;
  }

  get parentType() {
    return this.#selected.parentType;
  }

  get schema() {
    return this.#source.schema;
  }

  get fragments() {
    return this.#source.fragments;
  }

  get operation() {
    return this.#source.operation;
  }

  get rootValue() {
    return undefined;
  }
}

const NO_ARGS = {};

/** Worked out once for all objects; and where they hold no variable, once for all requests. May throw, as graphql-js does. */
const argumentsOf = ({ field, nodes: [node], number }: Selected) => {
  if (!node || field.args.length === 0) return () => NO_ARGS;
  if (node.arguments?.some(({ value }) => holdsVariable(value))) {
    return (run: Run) => (run.args[number] ??= getArgumentValues(field, node, run.variables));
  }
  let args: Record<string, unknown> | undefined;
  return () => (args ??= getArgumentValues(field, node));
};

const holdsVariable = (value: ValueNode): boolean => {
  if (value.kind === Kind.LIST) return value.values.some(holdsVariable);
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => holdsVariable(field.value));
  return value.kind === Kind.VARIABLE;
};
