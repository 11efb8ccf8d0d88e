import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Random } from '../loaders/random.ts';

/** Texts that servers stumble over. */
const TEXTS = [
  '',
  ' ',
  'x',
  '..',
  '%2e%2e',
  'null',
  '__proto__',
  'asst_none',
  'thread_none',
  '\u0000',
  '😀',
  'a/b?c#d',
  'x'.repeat(300),
  '-1',
  '{"a":1}',
];

const NUMBERS = [-2147483648, -1, 0, 1, 2, 20, 100, 101, 1000, 1001, 2147483647];

/** Generates operations from the schema alone, with arguments of the right type and mostly of the wrong value. */
export class OperationGenerator {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  /** Ids that exist. */
  readonly #ids: readonly string[];

  constructor(schema: GraphQLSchema, random: Random, ids: readonly string[]) {
    this.#schema = schema;
    this.#random = random;
    this.#ids = ids;
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#random.below(items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }

  /** A document with one operation, which may be a query or a mutation. */
  next(): string {
    const isMutation = this.#random.below(4) === 0;
    const root = isMutation ? this.#schema.getMutationType() : this.#schema.getQueryType();
    if (!root) throw new Error('The schema has no root type.');
    return `${isMutation ? 'mutation' : 'query'} ${this.#selection(root, 0, 1 + this.#random.below(3))}`;
  }

  #selection(type: GraphQLObjectType, depth: number, count: number): string {
    const fields = Object.values(type.getFields());
    const selected: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const field = this.#pick(fields);
      const inner = this.#inner(field.type, depth + 1);
      if (inner === undefined) continue;
      selected.push(`f${n}: ${field.name}${this.#args(field.args)}${inner}`);
    }
    return `{ ${selected.length === 0 ? '__typename' : selected.join(' ')} }`;
  }

  /** What follows a field of the type; undefined if nothing can at this depth. */
  #inner(output: GraphQLOutputType, depth: number): string | undefined {
    const type = getNamedType(output);
    if (isLeafType(type)) return '';
    if (depth > 6) return undefined;
    if (isObjectType(type)) return ` ${this.#selection(type, depth, 1 + this.#random.below(4))}`;
    if (!isAbstractType(type)) return undefined;
    const member = this.#pick(this.#schema.getPossibleTypes(type));
    return ` { __typename ... on ${member.name} ${this.#selection(member, depth, 2)} }`;
  }

  #args(args: readonly GraphQLArgument[]): string {
    const given = args.filter(({ type }) => isNonNullType(type) || this.#random.below(3) === 0);
    if (given.length === 0) return '';
    return `(${given.map(({ name, type }) => `${name}: ${this.#value(type, 0)}`).join(', ')})`;
  }

  #value(type: GraphQLInputType, depth: number): string {
    if (isNonNullType(type)) return this.#value(type.ofType, depth);
    if (this.#random.below(12) === 0) return 'null';
    if (isListType(type)) {
      return `[${Array.from({ length: this.#random.below(3) }, () => this.#value(type.ofType, depth + 1)).join(', ')}]`;
    }
    if (isEnumType(type)) return this.#pick(type.getValues()).name;
    if (isInputObjectType(type)) return this.#inputObject(Object.values(type.getFields()), type.isOneOf, depth);
    return this.#scalar(getNamedType(type).name);
  }

  #inputObject(fields: readonly { name: string; type: GraphQLInputType }[], isOneOf: boolean, depth: number): string {
    const given = isOneOf
      ? [this.#pick(fields)]
      : fields.filter(({ type }) => isNonNullType(type) || (depth < 4 && this.#random.below(3) === 0));
    return `{ ${given.map(({ name, type }) => `${name}: ${this.#value(type, depth + 1)}`).join(', ')} }`;
  }

  #scalar(name: string): string {
    if (name === 'Int') return String(this.#pick(NUMBERS));
    if (name === 'Float') return String(this.#pick([...NUMBERS, 0.5, 1e308]));
    if (name === 'Boolean') return this.#pick(['true', 'false']);
    if (name === 'JSON')
      return this.#pick(['{}', '{ type: "object", properties: {} }', '[]', '"x"', '{ a: { b: [1, null] } }']);
    if (name === 'Metadata') return this.#pick(['{}', '{ a: "b" }', '{ __proto__: "x" }', '{ a: 1 }', '"x"']);
    if (name === '_Any')
      return this.#pick(['{}', '{ __typename: "Thread" }', '{ __typename: "Nothing", id: "x" }', '7']);
    const text = this.#random.below(2) === 0 ? this.#pick(this.#ids) : this.#pick(TEXTS);
    return JSON.stringify(text);
  }
}
