import { assertValidSchema, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { pureResolverOf } from './purity.ts';

const checked = new WeakSet<GraphQLSchema>();

/** Directives that change how a result is delivered. */
const UNSUPPORTED = ['defer', 'stream'];

/**
 * Throws for a schema that this executor would not execute as graphql-js does: one that is invalid, has `@defer` or `@stream`, or
 * has a field with arguments whose resolver was declared pure.
 */
export const assertSupported = (schema: GraphQLSchema): void => {
  if (checked.has(schema)) return;
  assertValidSchema(schema);
  const problems = UNSUPPORTED.filter((name) => schema.getDirective(name)).map(
    (name) => `It has the directive @${name}: results are not delivered in parts.`,
  );
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, args, resolve } of Object.values(type.getFields())) {
      if (args.length === 0 || !pureResolverOf(resolve)) continue;
      problems.push(`${type.name}.${name} has arguments, and its resolver is declared pure: it would not get them.`);
    }
  }
  if (problems.length > 0) {
    throw new Error(
      `The compiling executor does not support this schema. ${problems.join(' ')} Change the schema, or use the executor graphql-js.`,
    );
  }
  checked.add(schema);
};
