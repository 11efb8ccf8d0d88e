import {
  defaultTypeResolver,
  type FieldNode,
  getNullableType,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';
import { NULL, type Piece, Writing } from './box.ts';
import { infosOf, type Selected, type Source, type WriteField, writerOf } from './field.ts';
import { leafOf } from './leaf.ts';
import { type Complete, isPromise, type Path, type Place, type Run } from './run.ts';

/** A field of a selection, ready to be written. */
export interface PlannedField {
  /** What stands before its value. */
  readonly before: string;
  /** Whether a failure of it makes its object null. */
  readonly fragile: boolean;
  readonly write: WriteField;
}

/**
 * Turns the selections of an operation into functions that write what they select. A selection is worked out when the
 * first object comes to it, by graphql-js: what it does with fragments and directives holds here too.
 */
export class Compiler {
  readonly #source: Source;
  /** Of the variables that `@skip` and `@include` look at: the plan holds for these values only. */
  readonly #variables: Record<string, unknown>;
  #fields = 0;

  constructor(source: Source, variables: Record<string, unknown>) {
    this.#source = source;
    this.#variables = variables;
  }

  root(type: GraphQLObjectType): PlannedField[] {
    const { schema, fragments, operation } = this.#source;
    return this.#planned(type, collectFields(schema, fragments, this.#variables, type, operation.selectionSet));
  }

  #planned(parentType: GraphQLObjectType, collected: Map<string, readonly FieldNode[]>): PlannedField[] {
    const planned: PlannedField[] = [];
    for (const [key, nodes] of collected) {
      const field = nodes[0] && getFieldDef(this.#source.schema, parentType, nodes[0]);
      if (!field) continue;
      this.#fields += 1;
      const selected = { field, parentType, key, nodes, number: this.#fields };
      const place = this.#place(field.type, selected);
      const write = writerOf(this.#source, selected, place);
      const before = `${planned.length === 0 ? '{' : ','}${JSON.stringify(key)}:`;
      planned.push({ before, fragile: !place.nullable, write });
    }
    return planned;
  }

  #place(type: GraphQLOutputType, selected: Selected): Place {
    return { nodes: selected.nodes, nullable: !isNonNullType(type), complete: this.#complete(type, selected) };
  }

  #complete(type: GraphQLOutputType, selected: Selected): Complete {
    const present = this.#present(getNullableType(type), selected);
    if (!isNonNullType(type)) {
      return (run, value, path) => {
        if (value instanceof Error) throw value;
        return value == null ? NULL : present(run, value, path);
      };
    }
    return (run, value, path) => {
      if (value instanceof Error) throw value;
      if (value != null) return present(run, value, path);
      throw new Error(`Cannot return null for non-nullable field ${nameOf(selected)}.`);
    };
  }

  /** For values that are neither null nor errors. */
  #present(type: GraphQLOutputType, selected: Selected): Complete {
    if (isListType(type)) return this.#list(this.#place(type.ofType, selected), selected);
    if (isLeafType(type)) {
      const { quick, careful } = leafOf(type);
      return (_run, value) => quick(value) ?? careful(value);
    }
    if (isAbstractType(type)) return this.#abstract(type, selected);
    if (isObjectType(type)) return this.#object(type, selected);
    throw new Error(`${nameOf(selected)} is of a kind of type that cannot be executed: ${String(type)}`);
  }

  #list(item: Place, selected: Selected): Complete {
    return (run, value, prev) => {
      if (!isIterable(value)) {
        throw new GraphQLError(`Expected Iterable, but did not find one for field "${nameOf(selected)}".`);
      }
      const writing = new Writing(prev);
      let key = 0;
      try {
        for (const one of value) {
          const piece = run.place(one, { prev, key, typename: undefined }, item);
          writing.add(key === 0 ? '[' : ',', piece, !item.nullable);
          key += 1;
        }
      } catch (error) {
        // Nobody waits for the others any more: should they be rejected, it must not end the process.
        for (const one of value) if (isPromise(one)) one.then(undefined, () => {});
        throw error;
      }
      return writing.end(key === 0 ? '[]' : ']');
    };
  }

  #object(type: GraphQLObjectType, { nodes }: Selected): Complete {
    const { schema, fragments } = this.#source;
    let fields: PlannedField[] | undefined;
    return (run, value, path) => {
      fields ??= this.#planned(type, collectSubfields(schema, fragments, this.#variables, type, nodes));
      return writeObject(fields, run, value as Record<string, unknown>, path);
    };
  }

  #abstract(type: GraphQLAbstractType, selected: Selected): Complete {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const { schema } = this.#source;
    const infoOf = infosOf(this.#source, selected);
    const completes = new Map<string, Complete>();
    const completeAs = (name: unknown): Complete => {
      const actual = typeof name === 'string' ? schema.getType(name) : undefined;
      if (!isObjectType(actual) || !schema.isSubType(type, actual)) {
        throw new Error(`${nameOf(selected)} is ${type.name}, and its value was said to be ${String(name)}.`);
      }
      const complete = this.#object(actual, selected);
      completes.set(actual.name, complete);
      return complete;
    };
    return (run, value, path) => {
      const name: unknown = resolveType(value, run.context, infoOf(run, path), type);
      const complete = typeof name === 'string' ? completes.get(name) : undefined;
      return (complete ?? completeAs(name))(run, value, path);
    };
  }
}

/** An object of a selection, as JSON. Throws where a failure makes it null. */
export const writeObject = (
  fields: readonly PlannedField[],
  run: Run,
  object: Record<string, unknown>,
  path: Path | undefined,
): Piece => {
  const writing = new Writing(path);
  for (const { before, fragile, write } of fields) writing.add(before, write(run, object, path), fragile);
  return writing.end(fields.length === 0 ? '{}' : '}');
};

const nameOf = ({ field, parentType }: Selected) => `${parentType.name}.${field.name}`;

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;
