import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { limitError } from './limitError.ts';
import type { OperationRule } from './rule.ts';
import { selectionDepthLimit, selectionDepths } from './selectionDepth.ts';

export interface DocumentLimits {
  /** How deep the selections of a document may nest. */
  readonly maxDepth: number;
  /** How many aliases a document may have. */
  readonly maxAliases: number;
  /** How many fields an operation may select at its root. */
  readonly maxRootFields: number;
  /** How many directives a document may have. */
  readonly maxDirectives: number;
  /** How many items a list may have. */
  readonly maxListItems: number;
}

/** Limits the shape of a document before it is validated: parts of the validation are quadratic in it. */
export const documentLimits = (limits: DocumentLimits): OperationRule => ({
  document: (document) => {
    const { selections, introspection } = selectionDepths(document);
    const { aliases, directives, listItems } = countsIn(document);
    check('The depth of the selections', selections, limits.maxDepth, 'MAX_QUERY_DEPTH');
    check('The depth of the introspection', introspection, selectionDepthLimit(limits.maxDepth), 'MAX_QUERY_DEPTH');
    check('The number of aliases', aliases, limits.maxAliases, 'MAX_ALIASES');
    check('The number of root fields', rootFieldsOf(document), limits.maxRootFields, 'MAX_ROOT_FIELDS');
    check('The number of directives', directives, limits.maxDirectives, 'MAX_DIRECTIVES');
    check('The number of items of a list', listItems, limits.maxListItems, 'MAX_LIST_ITEMS');
  },
});

const check = (what: string, actual: number, limit: number, setting: string) => {
  if (actual > limit) throw limitError({ what, actual, limit, setting });
};

/** Each fragment counts once; `listItems` is the length of the longest list. */
const countsIn = (document: DocumentNode) => {
  const counts = { aliases: 0, directives: 0, listItems: 0 };
  visit(document, {
    enter: (node: ASTNode) => {
      if (node.kind === Kind.DIRECTIVE) counts.directives += 1;
      else if (node.kind === Kind.FIELD && node.alias !== undefined) counts.aliases += 1;
      else if (node.kind === Kind.LIST) counts.listItems = Math.max(counts.listItems, node.values.length);
    },
  });
  return counts;
};

/** Of the operation that has most; each fragment counts once for an operation, as in its execution. */
const rootFieldsOf = ({ definitions }: DocumentNode): number => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const one of definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
    else if (one.kind === Kind.OPERATION_DEFINITION) operations.push(one);
  }
  const fieldsOf = ({ selections }: SelectionSetNode, visited: Set<string>): number => {
    let fields = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields += 1;
      else if (selection.kind === Kind.INLINE_FRAGMENT) fields += fieldsOf(selection.selectionSet, visited);
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) fields += fieldsOf(fragment.selectionSet, visited);
      }
    }
    return fields;
  };
  return Math.max(0, ...operations.map(({ selectionSet }) => fieldsOf(selectionSet, new Set())));
};
