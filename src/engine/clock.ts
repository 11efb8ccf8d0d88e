/** Unix time in whole seconds, the unit of all times in the API. `ms` is Unix time in milliseconds. */
export const unixSeconds = (ms: number = Date.now()): number => Math.floor(ms / 1000);
