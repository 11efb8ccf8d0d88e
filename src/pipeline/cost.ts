import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { costKey, type Variables, variablesOfCost } from './costArguments.ts';
import { CostCalculation, type CostOptions } from './costCalculation.ts';

/** How many costs of one operation are kept, by what its variables say of sizes and conditions. */
const MAX_KEPT = 50;

/**
 * Returns a function that computes the cost of an operation of a valid document from coerced variables: one for each field and
 * for each item of a list of objects that its result may have at most. It multiplies through nested lists as GitHub's node limit and the type cost of
 * IBM's cost directives (https://ibm.github.io/graphql-specs/cost-spec.html) do; what they declare field by field holds here by
 * three rules:
 *
 * - a field with the arguments `first` and `last` is a connection: the lists in its type have as many items as they say;
 * - a list of objects of a field with a list as argument has as many items as that (`nodes(ids)`, `_entities`);
 * - any other list of objects has 2 items; of introspection 1, except for the types of the schema, which all count.
 *
 * Scalars count, in contrast to the models: otherwise a page of 1,000 messages could repeat their texts under any number of
 * aliases at no cost. Fields that are skipped do not count; of an interface or a union the most expensive type does. A field
 * that is selected twice counts twice. Each fragment is computed once for each type that it applies to, so that the time is
 * linear in the document. The function that this returns throws RequestError for more ids or representations than `maxPageItems`.
 */
export const costFunction = (
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
  options: CostOptions,
) => {
  const root = schema.getRootType(operation);
  const names = variablesOfCost(document);
  const kept = new LRUCache<string, number>({ max: MAX_KEPT });
  return (variables: Variables): number => {
    const key = costKey(names, variables);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const cost = root ? new CostCalculation(schema, document, variables, options).of(selectionSet, root).fixed : 0;
    kept.set(key, cost);
    return cost;
  };
};
