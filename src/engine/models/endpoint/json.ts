export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member if it is an object; else an empty object. */
export const objectIn = (parent: JsonObject, key: string): JsonObject => {
  const value = parent[key];
  return isObject(value) ? value : {};
};

/** The objects of the member if it is an array; else none. */
export const objectsIn = (parent: JsonObject, key: string): JsonObject[] => {
  const value = parent[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
};

/** The member if it is a string with characters; else undefined. Some servers send `""` for what is absent. */
export const textIn = (parent: JsonObject, key: string): string | undefined => {
  const value = parent[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The arguments of a function call: JSON text, which some servers send as the value that it is. */
export const argumentsIn = ({ arguments: written }: JsonObject): string => {
  if (typeof written === 'string') return written;
  return written === undefined || written === null ? '' : JSON.stringify(written);
};

/** The member if it is a number; else undefined. */
export const numberIn = (parent: JsonObject, key: string): number | undefined => {
  const value = parent[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};
