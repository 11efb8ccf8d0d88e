import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from '../context/context.ts';
import type { Upload } from '../rest/upload.ts';
import type { RestMetadata } from '../wire/page.ts';
import { declaredPure } from './declaredPure.ts';

/** Marks a field that only reads the member of that name, such as `nodes` of a connection. */
const exposedMember = (name: string) => ({ extensions: { pothosExposedField: name } });

/** The schema builder: plugins, scalars and conventions, no types of the graph. */
export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: {
    ID: { Input: string; Output: string };
    /** Input in milliseconds. Output is Unix time as the REST API sends it: in seconds, from some servers in milliseconds. */
    DateTime: { Input: number; Output: number };
    /** Decimal text, such as `0.00325`. */
    Decimal: { Input: never; Output: string };
    /** Input only of fields that are objects in the REST API, such as a JSON Schema. */
    JSON: { Input: Record<string, object | string | number | boolean | null>; Output: unknown };
    Metadata: { Input: RestMetadata; Output: RestMetadata };
    Upload: { Input: Upload; Output: never };
  };
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
}>({
  plugins: [RelayPlugin, declaredPure],
  relay: {
    clientMutationId: 'omit',
    mutationInputArgOptions: {
      description:
        'The REST path parameters and the request body, in camelCase. For an optional field that has no null in the REST API, null is the same as leaving it out.',
    },
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'An object with a global ID.' },
    idFieldOptions: {
      description:
        'The global ID: opaque, unique across types, and accepted by `node(id:)`. It differs from the REST ID of the object.',
    },
    pageInfoTypeOptions: { description: 'Information about pagination in a connection.' },
    hasNextPageFieldOptions: {
      description:
        'When paginating forward, whether there are more items. When paginating backward, whether `before` was set.',
    },
    hasPreviousPageFieldOptions: {
      description:
        'When paginating backward, whether there are more items. When paginating forward, whether `after` was set.',
    },
    startCursorFieldOptions: {
      description: 'When paginating backward, the cursor to continue with as `before`. Null if the page is empty.',
    },
    endCursorFieldOptions: {
      description: 'When paginating forward, the cursor to continue with as `after`. Null if the page is empty.',
    },
    edgesFieldOptions: {
      ...exposedMember('edges'),
      nullable: { list: false, items: false },
      description: 'A list of edges: the items of this page with their cursors.',
    },
    nodesOnConnection: {
      ...exposedMember('nodes'),
      description: 'A list of nodes: the items of this page without their cursors.',
    },
    nodeFieldOptions: { ...exposedMember('node'), nullable: false, description: 'The item at the end of the edge.' },
    pageInfoFieldOptions: {
      ...exposedMember('pageInfo'),
      nullable: false,
      description: 'Information to aid in pagination.',
    },
    cursorFieldOptions: {
      description: 'A cursor for use in pagination: pass it as `after` or `before` of the same list.',
    },
    firstArgOptions: {
      description:
        'Returns the first _n_ items of the list, or the first _n_ after `after`. Defaults to 20. Cannot be combined with `last`.',
    },
    afterArgOptions: { description: 'Returns only items that come after this cursor.' },
    lastArgOptions: {
      description:
        'Returns the last _n_ items of the list, or the last _n_ before `before`. Cannot be combined with `first`.',
    },
    beforeArgOptions: { description: 'Returns only items that come before this cursor.' },
  },
});

builder.queryType({
  description: 'The root of all queries. Looking up an object that does not exist returns null without an error.',
});
builder.mutationType({
  description:
    'The root of all mutations. Each mutation is the REST operation of the same name. The mutations of a document run one after the other; if one fails, its result is null and the following ones still run.',
});

/** Marks a field that needs only the ids of its object: see `resolvers/reference.ts`. */
export const fromIds = { extensions: { fromIds: true } };

/** The field builder of inputs, for fields that several inputs share. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** The field builder of objects that have at least the members of `Shape`, for fields that several objects share. */
export type ObjectFields<Shape> = PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Shape>;
