/**
 * The fields of a form as an object: `expires_after[seconds]` is a member of the object `expires_after`, as the SDKs send nested
 * parameters.
 */
export const fieldsAsObject = (fields: ReadonlyMap<string, string>): object => {
  const nested = new Map<string, Map<string, string>>();
  const plain = new Map<string, unknown>();
  for (const [name, value] of fields) {
    const [, outer, inner] = /^([^[\]]+)\[([^[\]]+)\]$/u.exec(name) ?? [];
    if (outer === undefined || inner === undefined) plain.set(name, value);
    else nested.set(outer, (nested.get(outer) ?? new Map<string, string>()).set(inner, value));
  }
  for (const [name, members] of nested) plain.set(name, Object.fromEntries(members));
  return Object.fromEntries(plain);
};
