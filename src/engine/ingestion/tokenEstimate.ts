// Tokens without a vocabulary: an encoder for one model would be wrong for the others, and takes megabytes.

/** Letters that a token of a word has at most on average. */
const LETTERS_PER_TOKEN = 6;
/** Digits of a number are encoded in groups. */
const DIGITS_PER_TOKEN = 3;

/** A word, a number, one character of a script without spaces, white space, or one other character. */
const piece =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|\p{N}+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}])+|\s+|[^]/gu;

/** A part of a text that is not divided, and how many tokens it is thought to be. */
export interface TextPiece {
  /** Index of its end in the text. */
  end: number;
  tokens: number;
  isSpace: boolean;
}

const tokensOf = (text: string): number => {
  const first = text.codePointAt(0) ?? 0;
  if (/^\s/u.test(text)) return text.includes('\n') ? 1 : 0; // A single space belongs to the token of the next word.
  if (/^\p{N}/u.test(text)) return Math.ceil(text.length / DIGITS_PER_TOKEN);
  if (text.length === 1) return 1;
  // Words of other alphabets have about two letters in a token.
  return Math.ceil(text.length / (first < 0x250 ? LETTERS_PER_TOKEN : 2));
};

/** The longest piece, in UTF-16 units: a text without spaces is divided as well. */
const MAX_PIECE = 96;

/** The pieces of a text in order. Together they are the whole text. */
export function* textPieces(text: string): Generator<TextPiece> {
  for (const { 0: found, index } of text.matchAll(piece)) {
    const isSpace = /^\s/u.test(found);
    if (isSpace || found.length <= MAX_PIECE) {
      yield { end: index + found.length, tokens: tokensOf(found), isSpace };
      continue;
    }
    for (let start = 0; start < found.length; start += MAX_PIECE) {
      const part = found.slice(start, start + MAX_PIECE);
      yield { end: index + start + part.length, tokens: tokensOf(part), isSpace };
    }
  }
}
