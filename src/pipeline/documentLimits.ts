import { type DocumentNode, Kind, visit } from 'graphql';
import { mergeComparisonsIn } from './fieldMerging.ts';
import { limitError } from './limitError.ts';
import type { OperationRule } from './rule.ts';
import { rootFieldsIn } from './selectedFields.ts';
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

/** These are more than anyone writes. At each of them validation takes a few milliseconds. */
const MAX_OPERATIONS = 100;
const MAX_FRAGMENTS = 300;

/**
 * Validation compares fields of one response name pair by pair, and so it does fragments that are spread in one selection.
 * 100,000 of the former take 30 to 60 ms, 45,000 of the latter 20 to 40.
 */
const MAX_MERGE_COMPARISONS = 20_000;
const MAX_SPREAD_PAIRS = 10_000;

/** Validation follows the spreads of each fragment once for each other fragment at most: 180,000 take 50 to 150 ms. */
const MAX_FRAGMENTS_TIMES_SPREADS = 50_000;

/** Fields `__schema` and `__type`. Clients send one or a few; 40 standard introspections take 50 ms to validate. */
const MAX_INTROSPECTIONS = 10;

/** Limits the shape of a document before it is validated: parts of the validation are quadratic in it. */
export const documentLimits = (limits: DocumentLimits): OperationRule => ({
  document: (document) => {
    const { selections, introspection } = selectionDepths(document);
    check('The depth of the selections', selections, limits.maxDepth, 'MAX_QUERY_DEPTH');
    check('The depth of the introspection', introspection, selectionDepthLimit(limits.maxDepth), 'MAX_QUERY_DEPTH');
    const counts = countsIn(document);
    check('The number of operations of the document', counts.operations, MAX_OPERATIONS);
    check('The number of fragments', counts.fragments, MAX_FRAGMENTS);
    check('The number of pairs of spreads in one selection', counts.spreadPairs, MAX_SPREAD_PAIRS);
    const product = counts.fragments * counts.spreads;
    check('The number of fragments times that of their spreads', product, MAX_FRAGMENTS_TIMES_SPREADS);
    check('The number of aliases', counts.aliases, limits.maxAliases, 'MAX_ALIASES');
    check('The number of directives', counts.directives, limits.maxDirectives, 'MAX_DIRECTIVES');
    check('The number of items of a list', counts.listItems, limits.maxListItems, 'MAX_LIST_ITEMS');
    check('The number of fields `__schema` and `__type`', counts.introspections, MAX_INTROSPECTIONS);
    check('The number of root fields', rootFieldsIn(document), limits.maxRootFields, 'MAX_ROOT_FIELDS');
    checkMerging(document);
  },
});

const checkMerging = (document: DocumentNode) => {
  if (mergeComparisonsIn(document, MAX_MERGE_COMPARISONS) <= MAX_MERGE_COMPARISONS) return;
  throw limitError({
    what: 'The number of pairs of fields that have the same path',
    limit: MAX_MERGE_COMPARISONS,
    advice: 'Select each field once.',
  });
};

const check = (what: string, actual: number, limit: number, setting?: string) => {
  if (actual > limit) throw limitError({ what, actual, limit, ...(setting !== undefined && { setting }) });
};

const INTROSPECTION = new Set(['__schema', '__type']);

/** `listItems` is the length of the longest list. A fragment that a selection spreads several times counts once. */
const countsIn = (document: DocumentNode) => {
  const counts = {
    operations: 0,
    fragments: 0,
    spreads: 0,
    spreadPairs: 0,
    aliases: 0,
    directives: 0,
    introspections: 0,
    listItems: 0,
  };
  visit(document, {
    OperationDefinition: () => {
      counts.operations += 1;
    },
    FragmentDefinition: () => {
      counts.fragments += 1;
    },
    SelectionSet: ({ selections }) => {
      const spreads = new Set(selections.flatMap((one) => (one.kind === Kind.FRAGMENT_SPREAD ? one.name.value : [])))
        .size;
      counts.spreads += spreads;
      counts.spreadPairs += (spreads * (spreads - 1)) / 2;
    },
    Field: ({ alias, name }) => {
      if (alias !== undefined) counts.aliases += 1;
      if (INTROSPECTION.has(name.value)) counts.introspections += 1;
    },
    Directive: () => {
      counts.directives += 1;
    },
    ListValue: ({ values }) => {
      counts.listItems = Math.max(counts.listItems, values.length);
    },
  });
  return counts;
};
