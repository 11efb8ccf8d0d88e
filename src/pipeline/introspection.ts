import { NoSchemaIntrospectionCustomRule } from 'graphql';
import type { OperationRule } from './rule.ts';

/** Refuses documents that ask for the schema, other than for `__typename`. A router's `_service` is not introspection. */
export const withoutIntrospection: OperationRule = { validation: [NoSchemaIntrospectionCustomRule] };
