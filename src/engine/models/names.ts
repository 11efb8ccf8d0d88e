/** Which model of the endpoint stands for the name that an assistant or a run gives. */
export type ModelNames = ReadonlyMap<string, string>;

/** Each name stands for itself. */
export const sameNames: ModelNames = new Map();

/** The endpoint's model for a name: what the name is mapped to, or else what `*` is, or else the name. */
export const mappedName = (names: ModelNames, name: string): string => names.get(name) ?? names.get('*') ?? name;

/** The names that requests may give, if the endpoint has the models `listed`. With `*` there are others too. */
export const acceptedNames = (names: ModelNames, listed: readonly string[]): string[] => {
  const known = new Set(listed);
  const mapped = [...names].flatMap(([name, model]) => (name !== '*' && known.has(model) ? [name] : []));
  return [...new Set([...mapped, ...listed.filter((name) => known.has(mappedName(names, name)))])];
};
