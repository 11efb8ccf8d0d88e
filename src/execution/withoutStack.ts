/**
 * Creates errors that are sent to clients: nobody reads their stack, and to record it takes several times as long as all else. An
 * operation may have thousands of them.
 */
export const withoutStack = <Created extends Error>(create: () => Created): Created => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return create();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};
