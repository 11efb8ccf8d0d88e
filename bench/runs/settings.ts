/** Tokens of each completion of the model, and how long it takes. */
export const MODEL_TOKENS = 20;
export const MODEL_MS = 50;

/** Runs of one round, and how many are under way at a time. */
export const RUNS = 1000;
export const AT_A_TIME = 32;

/** Runs of one round one after the other. */
export const ALONE = 40;
