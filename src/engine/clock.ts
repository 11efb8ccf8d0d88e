/** Unix time in whole seconds, which is what every time of the API is in. `ms` is Unix time in milliseconds. */
export const unixSeconds = (ms: number = Date.now()): number => Math.floor(ms / 1000);
