type Snake<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : Name;

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** A REST object with its member names in camelCase. */
export type CamelKeys<Body> = { [Key in keyof Body as Key extends string ? Camel<Key> : never]: Body[Key] };

export type SnakeKeys<Input> = { [Key in keyof Input as Key extends string ? Snake<Key> : never]: Input[Key] };

type WithoutNulls<Input> = { [Key in keyof Input]: Exclude<Input[Key], null> };

/**
 * An input with its own member names in snake_case; nested objects are kept as they are. Absent members stay absent and null
 * stays null.
 */
export const restKeys = <Input extends object>(input: Input): SnakeKeys<Input> =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  ) as SnakeKeys<Input>;

/**
 * An input without those of its own members that are null. For members that have no null in the REST API: the graph treats null
 * like absent there, since typed clients send null for a variable that is not set.
 */
export const withoutNulls = <Input extends object>(input: Input): WithoutNulls<Input> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as WithoutNulls<Input>;
