type Snake<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : Name;

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** An object of the REST API under the names that the graph gives its members. */
export type CamelKeys<Body> = { [Key in keyof Body as Key extends string ? Camel<Key> : never]: Body[Key] };

export type SnakeKeys<Input> = { [Key in keyof Input as Key extends string ? Snake<Key> : never]: Input[Key] };

type WithoutNulls<Input> = { [Key in keyof Input]: Exclude<Input[Key], null> };

/**
 * An input under the names of the REST API; its own members only, not theirs. What is absent stays absent and what is
 * null stays null, all the way to the body.
 */
export const restKeys = <Input extends object>(input: Input): SnakeKeys<Input> =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  ) as SnakeKeys<Input>;

/**
 * An input without its own members that are null. For members that have no null in REST: there the graph takes null to mean the
 * same as absent, since typed clients send null for a variable that is not set.
 */
export const withoutNulls = <Input extends object>(input: Input): WithoutNulls<Input> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as WithoutNulls<Input>;
