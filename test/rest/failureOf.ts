/** The error that a call is expected to reject with. */
export const failureOf = async (call: Promise<unknown>): Promise<Error> => {
  const outcome = await call.then(
    (response) => new Error(`expected a failure, got ${JSON.stringify(response)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error('what was thrown is not an Error');
};
