import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

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

/** Characters of source files that are read. Larger ones are generated, most of them. */
const SOURCE_LENGTH = { least: 2000, most: 200_000 };
/** Characters of a line on average. Those of compressed code are longer. */
const MAX_LINE_LENGTH = 100;

/** Source code of the packages, about `length` characters of it in all, by paths within `node_modules`. */
export function* sourceFiles(length: number): Generator<readonly [path: string, text: string]> {
  const found = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:[cm]?js|ts)$/u.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(modules.length))
    // Not by name, so that any number of them is of many packages.
    .toSorted((one, other) => crc32(one) - crc32(other));
  let left = length;
  for (const path of found) {
    if (left <= 0) return;
    const text = readFileSync(join(modules, path), 'utf8');
    if (text.length < SOURCE_LENGTH.least || text.length > SOURCE_LENGTH.most) continue;
    if (text.includes('\0') || text.length / text.split('\n').length > MAX_LINE_LENGTH) continue;
    left -= text.length;
    yield [path, text];
  }
}

/** The same numbers at every run: a linear congruential generator. */
const randomFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Texts of about `length` characters, made of the lines of the documents in another order, as many as are asked for. */
export const shuffledTexts = (length: number): (() => string) => {
  const lines = [...documents().values()].flatMap((text) => text.split('\n')).filter((line) => line.length > 20);
  const random = randomFrom(1);
  return () => {
    let text = '';
    while (text.length < length) text += `${lines[Math.floor(random() * lines.length)] ?? ''}\n`;
    return text;
  };
};
