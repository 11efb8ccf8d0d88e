import type { RetryHints } from './endpointError.ts';

const numberOf = (value: string | undefined): number | undefined => {
  const number = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
};

const untilDate = (value: string | undefined, now: number): number | undefined => {
  const time = Date.parse(value ?? '');
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
};

/**
 * Reads `retry-after-ms`, `retry-after` (seconds or an HTTP date) and `x-should-retry`, as OpenAI's SDKs do
 * (openai-node, src/client.ts).
 */
export const retryHintsIn = (header: (name: string) => string | undefined, now = Date.now()): RetryHints => {
  const after = header('retry-after');
  const afterSeconds = numberOf(after);
  const should = header('x-should-retry');
  return {
    retryAfterMs:
      numberOf(header('retry-after-ms')) ?? (afterSeconds === undefined ? untilDate(after, now) : afterSeconds * 1000),
    shouldRetry: should === 'true' || (should === 'false' ? false : undefined),
  };
};
