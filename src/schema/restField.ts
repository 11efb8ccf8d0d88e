declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    /** The field costs a REST call of its own. */
    restCall?: boolean;
  }
}

interface RestField {
  description: string;
  /** The operation behind the field, such as `GET /assistants`; added to the description. */
  operation?: string;
  /** The ids of the parent object are enough for the call: see `resolvers/reference.ts`. */
  fromIds?: boolean;
  /** A list that has items only if the parent object exists. */
  ownList?: boolean;
}

/**
 * The options of a field that costs a REST call of its own. Every such field is declared with them, which a test checks for the
 * whole schema. The field is nullable, so that a failed call nulls this field only, and neither its parent nor its siblings.
 */
export const restField = ({ description, operation, fromIds = false, ownList = false }: RestField) => ({
  nullable: true as const,
  description: operation === undefined ? description : `${description} \`${operation}\``,
  extensions: { restCall: true, fromIds, ownList },
});

interface EdgeTo {
  fromIds?: boolean;
  /** Why there may be no such object, in addition to its deletion: follows "Null if". */
  absentIf?: string;
}

/** An edge to another object, which is read only if more than its ids is selected. */
export const edgeTo = (target: string, { fromIds = false, absentIf }: EdgeTo = {}) =>
  restField({
    description: `${target} Null if ${absentIf === undefined ? '' : `${absentIf}, or if `}it has been deleted. Selecting only IDs costs no REST call, so the result does not show whether it still exists.`,
    fromIds,
  });

/** Edges to several objects, of which each is read only if more than its ids is selected. Only items are null, not the list. */
export const edgesTo = (targets: string) => ({
  ...restField({
    description: `${targets} Null for each that has been deleted. Selecting only IDs costs no REST call, so the result does not show whether they still exist.`,
  }),
  nullable: { list: false, items: true } as const,
});
