/**
 * A request body in which every optional member may also be null, at any depth. An upstream that does not accept a null
 * there returns an error that says so.
 */
export type RequestBody<T> = T extends readonly (infer Item)[]
  ? RequestBody<Item>[]
  : T extends object
    ? RequestBodyObject<T>
    : T;

type RequestBodyObject<T> = string extends keyof T
  ? T // free-form maps, such as metadata, are sent as they are
  : { [Key in keyof T]: undefined extends T[Key] ? RequestBody<T[Key]> | null : RequestBody<T[Key]> };
