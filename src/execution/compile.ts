import {
  defaultTypeResolver,
  type FieldNode,
  getNullableType,
  type GraphQLAbstractType,
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
import { encoded } from './bytes.ts';
import { leaf, list, nameOf, orNull, orThrow, type PlannedField, writeObject } from './complete.ts';
import { infosOf, quickFieldOf, type Selected, type Source, writerOf } from './field.ts';
import { never, type Quick, quickList, quickObject } from './quick.ts';
import type { Complete, Place } from './run.ts';

/** Writes the values of a type that are neither null nor errors. */
interface Present {
  readonly quick: Quick;
  readonly complete: Complete;
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
      const before = encoded(`${planned.length === 0 ? '{' : ','}${JSON.stringify(key)}:`);
      planned.push({ before, write, quick: quickFieldOf(selected, place, before) });
    }
    return planned;
  }

  #place(type: GraphQLOutputType, selected: Selected): Place {
    const nullable = !isNonNullType(type);
    const { quick, complete } = this.#present(getNullableType(type), selected);
    return {
      nodes: selected.nodes,
      nullable,
      quick,
      complete: nullable ? orNull(complete) : orThrow(complete, selected),
    };
  }

  #present(type: GraphQLOutputType, selected: Selected): Present {
    if (isLeafType(type)) return leaf(type);
    if (isListType(type)) {
      const item = this.#place(type.ofType, selected);
      return { quick: quickList(item), complete: list(item, selected) };
    }
    if (isAbstractType(type)) return this.#abstract(type, selected);
    if (isObjectType(type)) return this.#object(type, selected);
    throw new Error(`${nameOf(selected)} is of a kind of type that cannot be executed: ${String(type)}`);
  }

  #object(type: GraphQLObjectType, { nodes }: Selected): Present {
    const { schema, fragments } = this.#source;
    const plan = () => {
      const fields = this.#planned(type, collectSubfields(schema, fragments, this.#variables, type, nodes));
      return { fields, quick: quickObject(fields.map(({ quick }) => quick)) };
    };
    let planned: ReturnType<typeof plan> | undefined;
    return {
      quick: (value, out) => (planned ??= plan()).quick(value, out),
      complete: (run, value, path) => {
        planned ??= plan();
        writeObject(planned.fields, run, value as Record<string, unknown>, path);
      },
    };
  }

  #abstract(type: GraphQLAbstractType, selected: Selected): Present {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const { schema } = this.#source;
    const infoOf = infosOf(this.#source, selected);
    const known = new Map<unknown, Present>();
    const presentAs = (name: unknown): Present => {
      const actual = typeof name === 'string' ? schema.getType(name) : undefined;
      if (!isObjectType(actual) || !schema.isSubType(type, actual)) {
        throw new Error(`${nameOf(selected)} is ${type.name}, and its value was said to be ${String(name)}.`);
      }
      const present = this.#object(actual, selected);
      known.set(name, present);
      return present;
    };
    const complete: Complete = (run, value, path) => {
      const name: unknown = resolveType(value, run.context, infoOf(run, path), type);
      (known.get(name) ?? presentAs(name)).complete(run, value, path);
    };
    const { typeNameOf } = type.extensions;
    if (typeof typeNameOf !== 'function') return { quick: never, complete };
    const quick: Quick = (value, out) => {
      if (value == null) return false;
      const name: unknown = typeNameOf(value);
      return (known.get(name) ?? presentAs(name)).quick(value, out);
    };
    return { quick, complete };
  }
}
