// The index finds words. Text and queries are prepared in the same way, so that they have the same words.

const cjk = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}`;
const cjkRun = new RegExp(`[${cjk}]+`, 'gu');
/** A lower-case letter or a digit before a capital letter, or the last capital letter of an abbreviation before a word. */
const camelSeam = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** The rest of a longer word is not looked at. */
const MAX_WORD_LENGTH = 64;

const anyWord = /[\p{L}\p{N}]+/gu;

/** Languages without spaces have no words for the index: each two neighbouring characters are one. */
const pairsOf = (run: string): string => {
  const characters = Array.from(run);
  if (characters.length === 1) return ` ${run} `;
  return ` ${characters
    .slice(1)
    .map((character, index) => `${characters[index] ?? ''}${character}`)
    .join(' ')} `;
};

/** A text as it is indexed. The parts of names such as `createServer` are indexed too. */
export const indexedText = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(cjkRun, pairsOf)
    .replaceAll(anyWord, (word) => (camelSeam.test(word) ? `${word} ${word.split(camelSeam).join(' ')}` : word));

/** The words of an indexed text in lower case and without diacritics, for an index that does not divide texts into words itself. */
export const textWords = (text: string): string[] =>
  (indexedText(text).normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().match(anyWord) ?? []).map((word) =>
    word.slice(0, MAX_WORD_LENGTH),
  );

/** Words that most English questions have and that say nothing about their subject. */
const commonWords = new Set(
  'a about an and any are as at be been but by can could did do does for from had has have how i if in into is it its may me my no not of on or our shall should so some than that the their them then there these they this those to us was we were what when where which while who whom whose why will with would you your'.split(
    ' ',
  ),
);

/** Words of a query that are searched for. */
const MAX_WORDS = 32;
/** The distinct words of a query: letters and digits only, so that none has a meaning for the index's query language. */
export const queryWords = (query: string): string[] => {
  const words = query
    .slice(0, 10_000)
    .normalize('NFKC')
    .replaceAll(cjkRun, pairsOf)
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{M}]+/gu);
  const distinct = [...new Set((words ?? []).map((word) => word.slice(0, MAX_WORD_LENGTH)))];
  const telling = distinct.filter((word) => !commonWords.has(word));
  return (telling.length > 0 ? telling : distinct).slice(0, MAX_WORDS);
};
