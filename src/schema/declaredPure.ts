import SchemaBuilder, {
  BasePlugin,
  type PothosInterfaceTypeConfig,
  type PothosOutputFieldConfig,
  type PothosUnionTypeConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLTypeResolver } from 'graphql';
import { member, pureResolverOf } from '../execution/purity.ts';

declare global {
  // The namespace in which Pothos looks for the plugins of a schema.
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      declaredPure: DeclaredPure<Types>;
    }
  }
}

/**
 * Declares every field pure that is made by `t.expose`, `t.exposeString` and so on: it returns a member of its object. And leaves a
 * `resolveType` that is declared pure as it is, which Pothos would wrap. It has to be the last plugin, so that others wrap what it
 * returns.
 */
class DeclaredPure<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { pothosExposedField: name, pothosOriginalResolve: original } = field.extensions ?? {};
    // If another plugin has replaced the resolver, it is no longer the one of `t.expose`.
    return typeof name === 'string' && field.resolve === original ? { ...field, resolve: member(name) } : field;
  }

  override wrapResolveType(
    resolveType: GraphQLTypeResolver<unknown, Types['Context']>,
    type: PothosInterfaceTypeConfig | PothosUnionTypeConfig,
  ): GraphQLTypeResolver<unknown, Types['Context']> {
    const { resolveType: declared } = type;
    return declared && pureResolverOf(declared) ? declared : resolveType;
  }
}

/** Its name in the list of plugins. */
export const declaredPure = 'declaredPure';

SchemaBuilder.registerPlugin(declaredPure, DeclaredPure);
