import { IngestionError } from './ingestionError.ts';
import { MAX_FILE_TOKENS } from './limits.ts';
import { textPieces } from './tokenEstimate.ts';

export interface ChunkSizes {
  maxTokens: number;
  /** How many tokens a chunk repeats of the one before it. At most half of `maxTokens`. */
  overlapTokens: number;
}

/** A part of a text that is found and shown as a whole. */
export interface Chunk {
  text: string;
  /** UTF-16 units at the beginning of `text` that the chunk before ends with. */
  overlap: number;
}

/** Where a text is best divided: after a paragraph, a line, a sentence, a word. */
const seamOf = (space: string, before: string): number => {
  if (/\n\s*\n/u.test(space)) return 3;
  if (space.includes('\n')) return 2;
  return /[.!?:;。！？]$/u.test(before) ? 1 : 0;
};

/** The positions in a text at which it may be divided, with the number of tokens before each. */
interface Seams {
  ends: number[];
  tokens: number[];
  ranks: number[];
}

const seamsOf = (text: string): Seams => {
  const seams: Seams = { ends: [0], tokens: [0], ranks: [3] };
  let total = 0;
  let start = 0;
  for (const { end, tokens, isSpace } of textPieces(text)) {
    total += tokens;
    if (total > MAX_FILE_TOKENS) {
      throw new IngestionError(
        'invalid_file',
        `The file has too much text. Expected at most ${MAX_FILE_TOKENS} tokens.`,
      );
    }
    seams.ends.push(end);
    seams.tokens.push(total);
    seams.ranks.push(isSpace ? seamOf(text.slice(start, end), text.slice(Math.max(0, start - 1), start)) : -1);
    start = end;
  }
  return seams;
};

/** Of the last quarter of a chunk that begins at seam `from` and must end at or before seam `to`, the best seam to end at. */
const bestEnd = ({ tokens, ranks }: Seams, from: number, to: number, maxTokens: number): number => {
  const earliest = (tokens[from] ?? 0) + maxTokens * 0.75;
  let best = to;
  let bestRank = -2;
  for (let at = to; at > from && (tokens[at] ?? 0) >= earliest; at -= 1) {
    const rank = ranks[at] ?? -1;
    if (rank > bestRank) [best, bestRank] = [at, rank];
  }
  return best;
};

/**
 * Divides a text into chunks of at most `maxTokens` estimated tokens, preferably between paragraphs, lines or sentences. Without
 * their overlaps, the chunks are the whole text.
 * @throws {IngestionError} if the text has too many tokens
 */
export function* textChunks(text: string, { maxTokens, overlapTokens }: ChunkSizes): Generator<Chunk> {
  const seams = seamsOf(text);
  const { ends, tokens } = seams;
  const last = ends.length - 1;
  let from = 0;
  let previousEnd = 0;
  for (let to = 0; to < last; ) {
    while (to < last && (tokens[to + 1] ?? 0) - (tokens[from] ?? 0) <= maxTokens) to += 1;
    // A piece that is larger than a chunk is a chunk.
    const end = to === last ? to : bestEnd(seams, from, Math.max(to, from + 1), maxTokens);
    const start = ends[from] ?? 0;
    yield { text: text.slice(start, ends[end]), overlap: previousEnd - start };
    previousEnd = ends[end] ?? 0;
    if (end === last) return;
    const overlapFrom = (tokens[end] ?? 0) - overlapTokens;
    let next = end;
    while (next > from + 1 && (tokens[next - 1] ?? 0) >= overlapFrom) next -= 1;
    from = next;
    to = end;
  }
}
