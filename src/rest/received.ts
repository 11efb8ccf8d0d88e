/**
 * A wire object as real servers send it. Sure are only its own id, the ids of its parents (`thread_id`, on a step also
 * `run_id`) and the `type` that tells the members of a union apart; everything else may be missing or null, at any
 * depth. Every `Rest…` type is assignable to its `Received` one.
 */
export type Received<T> = T extends readonly (infer Item)[]
  ? Received<Item>[]
  : T extends object
    ? ReceivedObject<T>
    : T;

/** One page of a list as real servers send it, with `has_more` worked out where the server leaves it out. */
export interface ReceivedPage<T> {
  data: Received<T>[];
  has_more: boolean;
}

type ReceivedObject<T> = string extends keyof T
  ? T // free-form maps, such as metadata, have no members of their own
  : { [Key in keyof T as Key extends SureKey<T> ? Key : never]: T[Key] } & {
      [Key in keyof T as Key extends SureKey<T> ? never : Key]?: Received<T[Key]> | null | undefined;
    };

/**
 * `run_id` is sure on a step, whose type says `string`, and not on a message, whose type says `string | null`; the `type`
 * of a step, which is a resource and not a member of a union, is a field like any other.
 */
type SureKey<T> = {
  [Key in keyof T]-?: Key extends 'id' | 'thread_id' | 'run_id' | (T extends { object: string } ? never : 'type')
    ? T[Key] extends string
      ? Key
      : never
    : never;
}[keyof T];
