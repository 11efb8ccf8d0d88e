import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from '../context/context.ts';
import type { RestMetadata } from '../wire/page.ts';
import { declaredPure } from './declaredPure.ts';

/** Of a field that Pothos would resolve by itself: it is the member of that name, such as the `nodes` of a Connection. */
const asItIs = (name: string) => ({ extensions: { pothosExposedField: name } });

/** Collects the schema: plugins and conventions only, no types of the graph. */
export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: {
    ID: { Input: string; Output: string };
    /** Unix seconds, as REST sends them. */
    DateTime: { Input: never; Output: number };
    /** Sent only where REST takes an object, such as a JSON Schema. */
    JSON: { Input: Record<string, object | string | number | boolean | null>; Output: unknown };
    Metadata: { Input: RestMetadata; Output: RestMetadata };
  };
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
}>({
  plugins: [RelayPlugin, declaredPure],
  relay: {
    clientMutationId: 'omit',
    mutationInputArgOptions: { description: 'What the write takes: REST ids, and the body in camelCase.' },
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'An object that can be fetched again by its global id alone.' },
    idFieldOptions: {
      description:
        'The global id: opaque, unique across types, and good for `node(id:)`. Not the id that the REST API knows the object by.',
    },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: {
      description:
        'Whether items follow the last one of this page. When paging backward: whether the page was asked for with `before`.',
    },
    hasPreviousPageFieldOptions: {
      description:
        'Whether items precede the first one of this page. When paging forward: whether the page was asked for with `after`.',
    },
    startCursorFieldOptions: {
      description: 'The cursor of the first item: hand it to `before`. Null on an empty page.',
    },
    endCursorFieldOptions: { description: 'The cursor of the last item: hand it to `after`. Null on an empty page.' },
    edgesFieldOptions: {
      ...asItIs('edges'),
      nullable: { list: false, items: false },
      description: 'The items of this page, each with its cursor.',
    },
    nodesOnConnection: {
      ...asItIs('nodes'),
      description: 'The items of this page, where their cursors are not needed.',
    },
    nodeFieldOptions: { ...asItIs('node'), nullable: false, description: 'The item itself.' },
    pageInfoFieldOptions: {
      ...asItIs('pageInfo'),
      nullable: false,
      description: 'Where this page stands in the list.',
    },
    cursorFieldOptions: {
      description: 'Where the item stands in this list: hand it to `after` or `before` of the same list.',
    },
    firstArgOptions: {
      description:
        'How many items, counted from the beginning or from `after`; 20 unless told. Not together with `last`.',
    },
    afterArgOptions: { description: 'Only items behind this cursor.' },
    lastArgOptions: {
      description: 'How many items, counted back from the end or from `before`. Not together with `first`.',
    },
    beforeArgOptions: { description: 'Only items ahead of this cursor.' },
  },
});

builder.queryType({
  description: 'Reads. A look-up of something that does not exist is null, without an error.',
});
builder.mutationType({
  description:
    'Writes: each is the REST operation of the same name, and runs after the one before it in the document has ended.',
});

/** Marks a field that can be answered from the ids of its object alone: see `resolvers/reference.ts`. */
export const fromIds = { extensions: { fromIds: true } };

/** As `fromIds`, for a list of the object's own: its members show that the object exists. */
export const ownList = { extensions: { fromIds: true, ownList: true } };

/** Makes the fields of an input: for those that several inputs share. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;
