/** A call that the offline model makes; `arguments` is JSON. */
export interface PlannedCall {
  name: string;
  arguments: string;
}

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a `}` closes the `{` at `start`, braces in strings not counted; -1 where none does. */
const closingBrace = (text: string, start: number): number => {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
};

/** Braces that are looked into: each costs a look at the whole text, and a text may hold nothing else. */
const mostBraces = 100;

/** The JSON objects that stand in a text, in order. */
const objectsIn = (text: string): JsonObject[] => {
  const found: JsonObject[] = [];
  let at = text.indexOf('{');
  for (let looked = 0; at !== -1 && looked < mostBraces; looked += 1) {
    const end = closingBrace(text, at);
    let next = at + 1;
    try {
      found.push(JSON.parse(text.slice(at, end + 1)) as JsonObject);
      next = end + 1;
    } catch {
      // Braces that hold no JSON, or are never closed; what stands within them may still be some.
    }
    at = text.indexOf('{', next);
  }
  return found;
};

const placeOf = (text: string, name: string): number =>
  text.search(new RegExp(`(?<![A-Za-z0-9_-])${name}(?![A-Za-z0-9_-])`, 'iu'));

/** Which arguments each of the named functions gets from the objects of the text. */
const argumentsFor = (names: string[], objects: JsonObject[]): JsonObject[] => {
  const [only] = objects;
  if (objects.length !== 1 || only === undefined) return names.map((_, index) => objects[index] ?? {});
  const keyed = Object.entries(only).every(([key, value]) => names.includes(key) && isObject(value));
  if (!keyed) return names.map(() => only);
  return names.map((name) => {
    const own = only[name];
    return isObject(own) ? own : {};
  });
};

/**
 * The calls that a message asks for: of the functions that it names as whole words, in the order in which it does,
 * each once. `then` parts a message into turns (`get_city then get_weather`), and `turn`, from 0, says which one it is.
 *
 * Arguments come from JSON objects in the turn's text. One object whose keys are names of the functions called, each
 * with an object, is taken apart; any other single object goes to every call; of several, each call gets the one at its
 * own place. Where there is none for a call, its arguments are `{}`.
 *
 * `otherwise` is called where the first turn names no function.
 */
export const callsNamedIn = (message: string, functions: string[], turn: number, otherwise?: string): PlannedCall[] => {
  const text = message.split(/\bthen\b/iu)[turn] ?? '';
  const named = functions
    .map((name) => ({ name, place: placeOf(text, name) }))
    .filter(({ place }) => place !== -1)
    .toSorted((one, other) => one.place - other.place)
    .map(({ name }) => name);
  const names = named.length === 0 && turn === 0 && otherwise !== undefined ? [otherwise] : named;
  const objects = objectsIn(text);
  return argumentsFor(names, objects).map((given, index) => ({
    name: names[index] ?? '',
    arguments: JSON.stringify(given),
  }));
};
