/**
 * A body as it may be sent: every member that the contract lets one leave out may also be null, at any depth. An upstream
 * that does not take a null there says so itself, and clearer than we could.
 */
export type Sent<T> = T extends readonly (infer Item)[] ? Sent<Item>[] : T extends object ? SentObject<T> : T;

type SentObject<T> = string extends keyof T
  ? T // free-form maps, such as metadata, are sent as they are
  : { [Key in keyof T]: undefined extends T[Key] ? Sent<T[Key]> | null : Sent<T[Key]> };
