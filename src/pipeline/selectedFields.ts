import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** The fields of a selection itself, those in fragments included: each fragment once, as in its execution. */
type FieldsOf = (set: SelectionSetNode) => readonly FieldNode[];

const fieldsIn = ({ definitions }: DocumentNode): FieldsOf => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  return (set) => {
    const fields: FieldNode[] = [];
    const spread = new Set<string>();
    const sets = [set];
    for (let next = sets.pop(); next !== undefined; next = sets.pop()) {
      for (const selection of next.selections) {
        if (selection.kind === Kind.FIELD) fields.push(selection);
        else if (selection.kind === Kind.INLINE_FRAGMENT) sets.push(selection.selectionSet);
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          const fragment = fragments.get(selection.name.value);
          if (fragment !== undefined) sets.push(fragment.selectionSet);
        }
      }
    }
    return fields;
  };
};

/** How many fields an operation selects at its root: of the operation that has most. */
export const rootFieldsIn = (document: DocumentNode): number => {
  const fieldsOf = fieldsIn(document);
  return Math.max(
    0,
    ...document.definitions.map((one) =>
      one.kind === Kind.OPERATION_DEFINITION ? fieldsOf(one.selectionSet).length : 0,
    ),
  );
};

/** How often a selection has fields of one response name: of the selection that has most. */
export const sameFieldsIn = (document: DocumentNode): number => {
  const fieldsOf = fieldsIn(document);
  let most = 0;
  visit(document, {
    SelectionSet: (set) => {
      const names = new Map<string, number>();
      for (const { alias, name } of fieldsOf(set)) {
        const count = (names.get((alias ?? name).value) ?? 0) + 1;
        names.set((alias ?? name).value, count);
        most = Math.max(most, count);
      }
    },
  });
  return most;
};
