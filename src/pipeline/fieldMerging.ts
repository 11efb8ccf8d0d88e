import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import { type FieldsOf, fieldsIn } from './selectedFields.ts';

/** Comparing two fields compares their arguments too. */
const weightOf = ({ arguments: args }: FieldNode) => 1 + (args?.length ?? 0);

/** Selection sets whose fields are at one path of the result, so that those of one response name are merged. */
type SetsAtPath = readonly SelectionSetNode[];

const byResponseName = (sets: SetsAtPath, fieldsOf: FieldsOf): ReadonlyMap<string, readonly FieldNode[]> => {
  const fields = new Map<string, FieldNode[]>();
  for (const field of fieldsOf(sets)) {
    const name = (field.alias ?? field.name).value;
    const known = fields.get(name);
    if (known === undefined) fields.set(name, [field]);
    else known.push(field);
  }
  return fields;
};

/**
 * How many comparisons it takes to validate that the fields of a document can be merged
 * (https://spec.graphql.org/September2025/#sec-Field-Selection-Merging): each two fields at one path that have one response name,
 * once for themselves and once for each of their arguments. It multiplies down the levels: three equal fields on each of five
 * levels are 243 on the last one. Stops counting beyond `limit`, so that it takes no longer than the document and the limit say.
 */
export const mergeComparisonsIn = (document: DocumentNode, limit: number): number => {
  const fieldsOf = fieldsIn(document);
  const seen = new Set<SelectionSetNode>();
  const paths: SetsAtPath[] = [];
  let comparisons = 0;

  const add = (sets: SetsAtPath) => {
    const [first] = sets;
    if (first === undefined) return;
    // What is at a path of its own takes the same comparisons at every path, as a fragment that is spread in several places.
    if (sets.length === 1) {
      if (seen.has(first)) return;
      seen.add(first);
    }
    paths.push(sets);
  };

  for (const one of document.definitions) {
    if (one.kind === Kind.OPERATION_DEFINITION || one.kind === Kind.FRAGMENT_DEFINITION) add([one.selectionSet]);
  }
  for (let sets = paths.pop(); sets !== undefined && comparisons <= limit; sets = paths.pop()) {
    for (const fields of byResponseName(sets, fieldsOf).values()) {
      if (fields.length > 1) {
        const weight = fields.reduce((sum, field) => sum + weightOf(field), 0);
        comparisons += ((fields.length - 1) * weight) / 2;
      }
      add(fields.flatMap(({ selectionSet }) => selectionSet ?? []));
    }
  }
  return Math.ceil(comparisons);
};
