import type { ChatTool } from './model.ts';
import { instanceOf } from './schemaInstance.ts';

/** A call that the offline model makes; `arguments` is JSON. */
export interface PlannedCall {
  name: string;
  arguments: string;
}

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The index of the `}` that closes the `{` at `start`, without braces in strings; -1 if there is none. */
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

/** Maximum number of braces tried as the start of an object. Each can cost a scan of the whole text. */
const maxBraces = 100;

/** The JSON objects in a text, in order. */
const objectsIn = (text: string): JsonObject[] => {
  const found: JsonObject[] = [];
  let at = text.indexOf('{');
  for (let tried = 0; at !== -1 && tried < maxBraces; tried += 1) {
    const end = closingBrace(text, at);
    let next = at + 1;
    try {
      found.push(JSON.parse(text.slice(at, end + 1)) as JsonObject);
      next = end + 1;
    } catch {
      // These braces contain no JSON, or are not closed. There may still be an object within them.
    }
    at = text.indexOf('{', next);
  }
  return found;
};

const positionOf = (text: string, name: string): number =>
  text.search(new RegExp(`(?<![A-Za-z0-9_-])${name}(?![A-Za-z0-9_-])`, 'iu'));

/** The object of the text that each of the named functions gets; undefined if there is none for it. */
const givenFor = (names: string[], objects: JsonObject[]): (JsonObject | undefined)[] => {
  const [only] = objects;
  if (objects.length !== 1 || only === undefined) return names.map((_, index) => objects[index]);
  const isKeyed = Object.entries(only).every(([key, value]) => names.includes(key) && isObject(value));
  if (!isKeyed) return names.map(() => only);
  const byName = new Map(Object.entries(only));
  return names.map((name) => {
    const own = byName.get(name);
    return isObject(own) ? own : undefined;
  });
};

/** The smallest arguments that the function's schema allows. */
const smallestArguments = ({ parameters = {} }: ChatTool): JsonObject => {
  const smallest = instanceOf(parameters);
  return isObject(smallest) ? smallest : {};
};

/** A strict function gets no arguments without the members that its schema requires. */
const argumentsOf = (tool: ChatTool, given: JsonObject | undefined): JsonObject =>
  given === undefined || tool.strict === true ? { ...smallestArguments(tool), ...given } : given;

/**
 * The calls that a message requests: of the functions that it names as whole words, in the order in which it names
 * them, each once. `then` divides a message into turns (`get_city then get_weather`), and `turn`, from 0, is the one
 * wanted.
 *
 * Arguments come from JSON objects in the turn's text. One object whose keys are names of the functions called, each
 * with an object, is taken apart; any other single object goes to every call; of several, each call gets the one at its
 * own position. A call without one gets the smallest arguments that its schema allows, and a strict function the
 * members that its schema requires and the object lacks.
 *
 * `fallback` is called if the first turn names no function.
 */
export const callsNamedIn = (message: string, tools: ChatTool[], turn: number, fallback?: ChatTool): PlannedCall[] => {
  const text = message.split(/\bthen\b/iu)[turn] ?? '';
  const named = tools
    .map((tool) => ({ tool, position: positionOf(text, tool.name) }))
    .filter(({ position }) => position !== -1)
    .toSorted((one, other) => one.position - other.position)
    .map(({ tool }) => tool);
  const called = named.length === 0 && turn === 0 && fallback !== undefined ? [fallback] : named;
  const given = givenFor(
    called.map(({ name }) => name),
    objectsIn(text),
  );
  return called.map((tool, index) => ({
    name: tool.name,
    arguments: JSON.stringify(argumentsOf(tool, given[index])),
  }));
};
