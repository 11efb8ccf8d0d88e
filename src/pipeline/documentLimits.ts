import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql';
import { limitError } from './limitError.ts';
import type { OperationRule } from './rule.ts';
import { rootFieldsIn, sameFieldsIn } from './selectedFields.ts';
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

/**
 * Whether fields of one name can be merged is validated pair by pair, and so are fragments: 500 fields of one name hold the event
 * loop for 120 ms, 900 fragments for 110 ms. These are more than anyone writes, and take a few milliseconds.
 */
const MAX_SAME_FIELDS = 200;
const MAX_FRAGMENTS = 300;

/** Fields `__schema` and `__type`. Clients send one or a few; 40 standard introspections take 50 ms to validate. */
const MAX_INTROSPECTIONS = 10;

/** Limits the shape of a document before it is validated: parts of the validation are quadratic in it. */
export const documentLimits = (limits: DocumentLimits): OperationRule => ({
  document: (document) => {
    const { selections, introspection } = selectionDepths(document);
    const { aliases, directives, listItems, fragments, introspections } = countsIn(document);
    check('The depth of the selections', selections, limits.maxDepth, 'MAX_QUERY_DEPTH');
    check('The depth of the introspection', introspection, selectionDepthLimit(limits.maxDepth), 'MAX_QUERY_DEPTH');
    check('The number of aliases', aliases, limits.maxAliases, 'MAX_ALIASES');
    check('The number of root fields', rootFieldsIn(document), limits.maxRootFields, 'MAX_ROOT_FIELDS');
    check('The number of directives', directives, limits.maxDirectives, 'MAX_DIRECTIVES');
    check('The number of fragments', fragments, MAX_FRAGMENTS);
    check('The number of fields `__schema` and `__type`', introspections, MAX_INTROSPECTIONS);
    check('How often a selection has the same field', sameFieldsIn(document), MAX_SAME_FIELDS);
    check('The number of items of a list', listItems, limits.maxListItems, 'MAX_LIST_ITEMS');
  },
});

const check = (what: string, actual: number, limit: number, setting?: string) => {
  if (actual > limit) throw limitError({ what, actual, limit, ...(setting !== undefined && { setting }) });
};

const INTROSPECTION = new Set(['__schema', '__type']);

/** Each fragment counts once; `listItems` is the length of the longest list. */
const countsIn = (document: DocumentNode) => {
  const counts = { aliases: 0, directives: 0, fragments: 0, introspections: 0, listItems: 0 };
  visit(document, {
    enter: (node: ASTNode) => {
      if (node.kind === Kind.DIRECTIVE) counts.directives += 1;
      else if (node.kind === Kind.FRAGMENT_DEFINITION) counts.fragments += 1;
      else if (node.kind === Kind.FIELD) {
        if (node.alias !== undefined) counts.aliases += 1;
        if (INTROSPECTION.has(node.name.value)) counts.introspections += 1;
      } else if (node.kind === Kind.LIST) counts.listItems = Math.max(counts.listItems, node.values.length);
    },
  });
  return counts;
};
