import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** Characters. Shorter files say nothing. */
const MIN_LENGTH = 1000;

/** The documentation that the packages of this project contain, by paths within `node_modules`. The lock file says which versions. */
export const documents = (): Map<string, string> => {
  const found = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:md|markdown)$/iu.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(modules.length))
    .filter((path) => !/(?:changelog|licen[sc]e|history)[^/]*$|(?:^|\/)node_modules\//iu.test(path))
    .toSorted();
  const texts = found.map((path) => [path, readFileSync(join(modules, path), 'utf8')] as const);
  return new Map(texts.filter(([, text]) => text.length >= MIN_LENGTH));
};

/** The same numbers at every run: a linear congruential generator. */
const randomFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Endless texts of about `length` characters, made of the lines of the documents in another order. */
export function* shuffledTexts(length: number): Generator<string> {
  const lines = [...documents().values()].flatMap((text) => text.split('\n')).filter((line) => line.length > 20);
  const random = randomFrom(1);
  for (;;) {
    let text = '';
    while (text.length < length) text += `${lines[Math.floor(random() * lines.length)] ?? ''}\n`;
    yield text;
  }
}
