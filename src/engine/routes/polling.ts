/** Suggested polling intervals in milliseconds. Short, because polling the engine is cheap; the SDKs' own is 5 seconds. */
const pollMs = { run: '250', file: '100' };

/** The header that suggests when to ask again for a run or for files, while something is in progress. */
export const pollAgain = (resource: keyof typeof pollMs, isInProgress: boolean): Record<string, string> =>
  isInProgress ? { 'openai-poll-after-ms': pollMs[resource] } : {};
