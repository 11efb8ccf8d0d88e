import { GraphQLError } from 'graphql';
import { RequestError } from '../access/requestError.ts';

/** A client's own text as an error message repeats it: at most `max` characters of it. */
export const echoed = (text: string, max = 80): string => (text.length <= max ? text : `${text.slice(0, max)}…`);

export interface Excess {
  /** What was measured, as in `The depth of the selections`. */
  readonly what: string;
  /** undefined if it was not measured further than the limit. */
  readonly actual?: number;
  readonly limit: number;
  /** The setting that the limit is taken from; undefined for a constant. */
  readonly setting?: string;
  /** What to change, as a sentence. */
  readonly advice?: string;
}

/**
 * An operation that exceeds a limit, refused before anything is fetched: status 400, code BAD_USER_INPUT, and the limit and
 * what was measured both in the message and in `extensions`.
 */
export const limitError = ({ what, actual, limit, setting, advice }: Excess): RequestError => {
  const measured = actual === undefined ? `more than ${limit}` : String(actual);
  const source = setting === undefined ? '' : `, as set by ${setting}`;
  const message = `${what} is ${measured}. The maximum is ${limit}${source}.${advice === undefined ? '' : ` ${advice}`}`;
  const extensions = { code: 'BAD_USER_INPUT', ...(actual !== undefined && { actual }), limit };
  return new RequestError(400, [new GraphQLError(message, { extensions })], { inDocument: true });
};
