import { userInputError } from '../context/errors.ts';

/**
 * A cursor names the list that it was taken from beside the member it stands on, so that one from elsewhere is refused
 * here instead of being misread by the upstream.
 */
export const encodeCursor = (list: string, id: string) => Buffer.from(`${list}#${id}`).toString('base64url');

/** The member's REST id; throws BAD_USER_INPUT where the cursor was not taken from `list`. */
export const decodeCursor = (list: string, cursor: string, argument: 'after' | 'before') => {
  const text = Buffer.from(cursor, 'base64url').toString();
  const id = text.slice(list.length + 1);
  if (id && encodeCursor(list, id) === cursor) return id;
  throw userInputError(
    `${argument}: "${cursor.slice(0, 200)}" is not a cursor of this list: pass a \`cursor\`, \`startCursor\` or \`endCursor\` that this list returned.`,
  );
};
