/**
 * A REST object as real servers send it. Only these are certain: its own id, the ids of its parents (`thread_id`, on a
 * step also `run_id`; `vector_store_id`) and the `type` that discriminates a union. Everything else may be missing or null, at any depth.
 * Every `Rest…` type is assignable to its `Received` type.
 */
export type Received<T> = T extends readonly (infer Item)[]
  ? Received<Item>[]
  : T extends object
    ? ReceivedObject<T>
    : T;

/** One page of a list as real servers send it. `has_more` is derived if the server omits it. */
export interface ReceivedPage<T> {
  data: Received<T>[];
  has_more: boolean;
}

type ReceivedObject<T> = string extends keyof T
  ? T // free-form maps, such as metadata
  : { [Key in keyof T as Key extends CertainKey<T> ? Key : never]: T[Key] } & {
      [Key in keyof T as Key extends CertainKey<T> ? never : Key]?: Received<T[Key]> | null | undefined;
    };

/**
 * `run_id` is certain on a step, where its type is `string`, and not on a message, where it is `string | null`. The `type`
 * of a step is an ordinary field: a step is a resource, not a member of a union.
 */
type CertainKey<T> = {
  [Key in keyof T]-?: Key extends
    | 'id'
    | 'thread_id'
    | 'run_id'
    | 'vector_store_id'
    | (T extends { object: string } ? never : 'type')
    ? T[Key] extends string
      ? Key
      : never
    : never;
}[keyof T];
