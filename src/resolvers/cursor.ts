import { userInputError } from '../context/errors.ts';

/**
 * A cursor holds the name of its list and the REST id of an item, so that a cursor of another list is rejected here instead of
 * being misread by the upstream.
 */
export const encodeCursor = (list: string, id: string) => Buffer.from(`${list}#${id}`).toString('base64url');

/** The REST id of the item. Throws BAD_USER_INPUT if the cursor does not belong to `list`. */
export const decodeCursor = (list: string, cursor: string, argument: 'after' | 'before') => {
  const text = Buffer.from(cursor, 'base64url').toString();
  const id = text.slice(list.length + 1);
  if (id && encodeCursor(list, id) === cursor) return id;
  throw userInputError(
    `${argument}: "${cursor.slice(0, 200)}" is not a cursor of this list: pass a \`cursor\`, \`startCursor\` or \`endCursor\` that this list returned.`,
  );
};
