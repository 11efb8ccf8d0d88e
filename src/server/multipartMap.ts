import { requestError } from '../access/requestError.ts';

/** Where the files of a request belong in its operation: by the name of the file's part, the places in `operations`. */
export type FileMap = ReadonlyMap<string, readonly FilePlace[]>;

/** A place whose value is null until a file is put there. */
export interface FilePlace {
  readonly put: (value: object) => void;
}

export interface MapLimits {
  /** How many files a request may have. */
  readonly maxRequestFiles: number;
}

/** How many places may share one file. */
const MAX_PLACES = 10;

/**
 * Reads `map` of the multipart request specification: for each file the paths of its places, as in
 * `{ "0": ["variables.file"] }`. Throws RequestError with status 400, saying which entry is wrong and what is allowed.
 */
export const fileMapIn = (map: unknown, operations: unknown, { maxRequestFiles }: MapLimits): FileMap => {
  if (!isObject(map)) throw malformed('`map` must be a JSON object, as in { "0": ["variables.file"] }.');
  const entries = Object.entries(map);
  if (entries.length > maxRequestFiles) {
    throw malformed(
      `\`map\` has ${entries.length} files. The maximum is ${maxRequestFiles}, as set by MAX_REQUEST_FILES.`,
    );
  }
  const taken = new Set<string>();
  return new Map(entries.map(([name, paths]) => [name, placesOf(name, paths, operations, taken)]));
};

const placesOf = (name: string, paths: unknown, operations: unknown, taken: Set<string>): FilePlace[] => {
  if (!Array.isArray(paths) || paths.length === 0 || paths.length > MAX_PLACES) {
    throw malformed(`\`map\` must give file ${shown(name)} a list of 1 to ${MAX_PLACES} paths.`);
  }
  return paths.map((path: unknown) => {
    if (typeof path !== 'string') throw malformed(`The paths of file ${shown(name)} in \`map\` must be strings.`);
    if (taken.has(path)) throw malformed(`\`map\` has the path ${shown(path)} twice: a place can hold one file.`);
    taken.add(path);
    return placeAt(path, operations);
  });
};

/** Only members of their own are followed, so that no path leads to a prototype. */
const placeAt = (path: string, operations: unknown): FilePlace => {
  const [root, ...keys] = path.split('.');
  const last = keys.pop();
  if (root !== 'variables' || last === undefined) {
    throw malformed(`The path ${shown(path)} in \`map\` must lead to a variable, as in "variables.file".`);
  }
  let holder = memberOf(operations, 'variables');
  for (const key of keys) holder = memberOf(holder, key);
  if (!isHolder(holder) || !Object.hasOwn(holder, last) || Reflect.get(holder, last) !== null) {
    throw malformed(`\`operations\` must have null at ${shown(path)}, where \`map\` puts a file.`);
  }
  const place = holder;
  return { put: (value) => void Reflect.set(place, last, value) };
};

const memberOf = (holder: unknown, key: string): unknown =>
  isHolder(holder) && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isObject = (value: unknown): value is Record<string, unknown> => isHolder(value) && !Array.isArray(value);

const shown = (text: string) => JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);

/** The request is not one that the multipart request specification allows. */
export const malformed = (message: string) => requestError(400, 'BAD_USER_INPUT', message);
