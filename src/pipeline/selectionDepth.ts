import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** Enough for the queries of GraphiQL, Relay and graphql-codegen, whatever MAX_QUERY_DEPTH is. */
const INTROSPECTION_DEPTH = 20;

/** How deep selections may nest at most, those of introspection included. */
export const selectionDepthLimit = (maxDepth: number): number => Math.max(maxDepth, INTROSPECTION_DEPTH);

export interface SelectionDepths {
  /** Levels of fields, those in fragments included: of `{ a { b } }` 2. */
  readonly selections: number;
  /** The same of the introspection in the document, which does not count as `selections`. */
  readonly introspection: number;
}

/** Measures the deepest operation of a document that need not be valid, each fragment once. */
export const selectionDepths = ({ definitions }: DocumentNode): SelectionDepths => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const known = new Map<string, number>();
  let introspection = 0;

  const ofFragment = (name: string): number => {
    const depth = known.get(name);
    if (depth !== undefined) return depth;
    const fragment = fragments.get(name);
    // A fragment that leads back to itself is refused by the validation.
    known.set(name, 0);
    const measured = fragment === undefined ? 0 : depthOf(fragment.selectionSet);
    known.set(name, measured);
    return measured;
  };

  const depthOf = ({ selections }: SelectionSetNode): number => {
    let deepest = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) deepest = Math.max(deepest, ofFragment(selection.name.value));
      else if (selection.kind === Kind.INLINE_FRAGMENT) deepest = Math.max(deepest, depthOf(selection.selectionSet));
      else {
        const depth = 1 + (selection.selectionSet === undefined ? 0 : depthOf(selection.selectionSet));
        if (!selection.name.value.startsWith('__')) deepest = Math.max(deepest, depth);
        else introspection = Math.max(introspection, depth);
      }
    }
    return deepest;
  };

  const depths = definitions.map((one) => (one.kind === Kind.OPERATION_DEFINITION ? depthOf(one.selectionSet) : 0));
  return { selections: Math.max(0, ...depths), introspection };
};
