import { GraphQLError } from 'graphql';
import { echoed } from './limitError.ts';

/** How many errors a result has at most, and how many bytes they have together in JSON, roughly. */
export const MAX_ERRORS = 100;
const MAX_ERRORS_BYTES = 128 * 1024;
/** In characters. */
const MAX_MESSAGE_LENGTH = 2000;
const MAX_LOCATIONS = 10;
/** What else an upstream says of an error, in bytes. Beyond it the code alone is kept. */
const MAX_EXTENSIONS_BYTES = 8 * 1024;

/**
 * The errors of a result in the form in which clients see them, bounded in number and size. If some are left out, the last
 * error says how many; its code is that of the first one of them.
 */
export const limitedErrors = (
  errors: readonly unknown[],
  publicError: (error: unknown) => GraphQLError,
): readonly GraphQLError[] => {
  const limited: GraphQLError[] = [];
  let bytes = 0;
  for (const error of errors) {
    const one = shortened(publicError(error));
    bytes += Buffer.byteLength(JSON.stringify(one));
    if (limited.length < MAX_ERRORS && (bytes <= MAX_ERRORS_BYTES || limited.length === 0)) limited.push(one);
    else return [...limited, leftOut(errors.length - limited.length, one)];
  }
  return limited;
};

const leftOut = (count: number, { extensions }: GraphQLError) =>
  new GraphQLError(`${count} more ${count === 1 ? 'error was' : 'errors were'} left out.`, {
    extensions: { code: extensions['code'], omittedErrors: count },
  });

const shortened = (error: GraphQLError): GraphQLError => {
  const { message, nodes, source, positions, path, extensions } = error;
  const isLong = Buffer.byteLength(JSON.stringify(extensions)) > MAX_EXTENSIONS_BYTES;
  if (!isLong && message.length <= MAX_MESSAGE_LENGTH && (positions?.length ?? 0) <= MAX_LOCATIONS) return error;
  return new GraphQLError(echoed(message, MAX_MESSAGE_LENGTH), {
    ...(nodes === undefined
      ? { positions: positions?.slice(0, MAX_LOCATIONS) }
      : { nodes: nodes.slice(0, MAX_LOCATIONS) }),
    source,
    path,
    extensions: isLong ? { code: extensions['code'] } : extensions,
  });
};
