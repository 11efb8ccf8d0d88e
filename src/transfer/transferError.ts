/** An export or an import that cannot go on. The message is for the operator. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
}

/** Exit codes of `export` and `import`. Any other failure is 1. */
export const exitCodes = { complete: 0, failed: 1, someLeftOut: 2 } as const;
