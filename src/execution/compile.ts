import {
  defaultFieldResolver,
  type FieldNode,
  getNullableType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { argumentsOf, eventArgumentsOf } from './arguments.ts';
import { encoded } from './bytes.ts';
import type { Complete } from './execution.ts';
import { usualOf, writeNone, writeSerialized, type WriteUsual } from './leaf.ts';
import { completeAbstract, completeObject } from './objectTypes.ts';
import { completeList, type FieldPlan, type ObjectPlan, type ValuePlan } from './plan.ts';
import { pureResolverOf } from './purity.ts';
import { infoOf, nameOf, type Selected, type Source } from './selection.ts';

/** Turns the selections of an operation into plans that write what they select. Fragments and directives are left to graphql-js. */
export class Compiler {
  readonly #source: Source;
  /** Those that `@skip` and `@include` use: the plan holds for these values only. */
  readonly #variables: Record<string, unknown>;
  #fields = 0;

  constructor(source: Source, variables: Record<string, unknown>) {
    this.#source = source;
    this.#variables = variables;
  }

  root(type: GraphQLObjectType): ObjectPlan {
    const { schema, fragments, operation } = this.#source;
    return this.#object(type, collectFields(schema, fragments, this.#variables, type, operation.selectionSet));
  }

  #object(parentType: GraphQLObjectType, collected: Map<string, readonly FieldNode[]>): ObjectPlan {
    const fields: FieldPlan[] = [];
    // The JSON since the last value: names of fields, and the whole of each `__typename`.
    let json = '';
    let separator = '{';
    for (const [key, nodes] of collected) {
      const field = nodes[0] && this.#fieldOf(parentType, nodes[0].name.value);
      if (!field) continue;
      json += `${separator}${JSON.stringify(key)}:`;
      separator = ',';
      if (field === TypeNameMetaFieldDef) {
        json += JSON.stringify(parentType.name);
        continue;
      }
      this.#fields += 1;
      fields.push(this.#field({ field, parentType, key, nodes, number: this.#fields }, encoded(json)));
      json = '';
    }
    return { fields, end: encoded(`${json}${separator === '{' ? '{' : ''}}`) };
  }

  #fieldOf(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    if (type === this.#source.schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return type.getFields()[name];
  }

  #field(selected: Selected, before: Uint8Array): FieldPlan {
    const { field, key, parentType } = selected;
    const { resolve = defaultFieldResolver } = field;
    const pure = pureResolverOf(resolve);
    const source = this.#source;
    const isOfEvents = parentType === source.schema.getSubscriptionType();
    const argsOf = isOfEvents ? eventArgumentsOf(selected) : argumentsOf(selected);
    const { nodes, nullable, fieldName, complete, writeUsual } = this.#value(field.type, selected);
    // No spread: V8 reads the members of what is made with one several times slower.
    return {
      nodes,
      nullable,
      fieldName,
      complete,
      writeUsual,
      key,
      typeName: parentType.name,
      before,
      member: pure?.member,
      valueOf: pure && pure.member === undefined ? (pure.valueOf as (object: unknown) => unknown) : undefined,
      resolve: (execution, object, path) =>
        resolve(object, argsOf(execution), execution.context, infoOf(source, selected, execution, path)),
    };
  }

  #value(type: GraphQLOutputType, selected: Selected): ValuePlan {
    const nullable = !isNonNullType(type);
    const present = getNullableType(type);
    return {
      nodes: selected.nodes,
      nullable,
      fieldName: nameOf(selected),
      complete: this.#complete(present, selected, nullable),
      writeUsual: this.#usual(present),
    };
  }

  #usual(type: GraphQLOutputType): WriteUsual {
    return isLeafType(type) ? usualOf(type) : writeNone;
  }

  #complete(type: GraphQLOutputType, selected: Selected, nullable: boolean): Complete {
    if (isLeafType(type)) return ({ writer }, value) => writeSerialized(type, value, writer);
    if (isListType(type)) return completeList(this.#value(type.ofType, selected), nameOf(selected));
    const completeAs = (object: GraphQLObjectType) =>
      completeObject(object, () => this.#selection(object, selected), this.#source, selected, nullable);
    if (isAbstractType(type)) return completeAbstract(type, completeAs, this.#source, selected, nullable);
    if (isObjectType(type)) return completeAs(type);
    throw new Error(`${nameOf(selected)} has a type of an unknown kind: ${String(type)}`);
  }

  #selection(type: GraphQLObjectType, { nodes }: Selected): ObjectPlan {
    const { schema, fragments } = this.#source;
    return this.#object(type, collectSubfields(schema, fragments, this.#variables, type, nodes));
  }
}
