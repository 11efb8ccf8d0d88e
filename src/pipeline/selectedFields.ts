import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** The fields of selection sets themselves, those in fragments included: each fragment once, as in its execution. */
export type FieldsOf = (sets: readonly SelectionSetNode[]) => readonly FieldNode[];

/** Returns the fields of selection sets of a document that need not be valid. */
export const fieldsIn = ({ definitions }: DocumentNode): FieldsOf => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  return (sets) => {
    const fields: FieldNode[] = [];
    const spread = new Set<string>();
    const open = [...sets];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const selection of next.selections) {
        if (selection.kind === Kind.FIELD) fields.push(selection);
        else if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet);
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          const fragment = fragments.get(selection.name.value);
          if (fragment !== undefined) open.push(fragment.selectionSet);
        }
      }
    }
    return fields;
  };
};

/** How many fields an operation selects at its root: of the operation that has most. */
export const rootFieldsIn = (document: DocumentNode): number => {
  const fieldsOf = fieldsIn(document);
  let most = 0;
  for (const one of document.definitions) {
    if (one.kind === Kind.OPERATION_DEFINITION) most = Math.max(most, fieldsOf([one.selectionSet]).length);
  }
  return most;
};
