/** Suggested polling interval in milliseconds. Short, because polling the engine is cheap; the SDKs' own is 5 seconds. */
const POLL_MS = '100';

/** The header that suggests when to ask again, while something is in progress. */
export const pollAgain = (isInProgress: boolean): Record<string, string> =>
  isInProgress ? { 'openai-poll-after-ms': POLL_MS } : {};
