/** Says which values a setting allows, as in `a whole number from 0 to 65535`. Thrown by a parser for any other value. */
export class NotAllowed extends Error {}

/** One environment variable. */
export interface Setting<T> {
  readonly name: string;
  /** What its value is: `milliseconds`, `URL`. */
  readonly unit: string;
  /** As it would be written in the environment; empty if there is none. It is parsed like any value. */
  readonly fallback: string;
  readonly description: string;
  /** Whether its value is kept out of every message. */
  readonly secret?: true;
  /** Returns the value in use. Throws NotAllowed. */
  readonly parse: (value: string) => T;
}

export const setting = <T>(one: Setting<T>): Setting<T> => one;
