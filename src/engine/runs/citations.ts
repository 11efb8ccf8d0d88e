import type { RestAnnotation } from '../../wire/message.ts';
import type { Citation } from '../store/access/engineCalls.ts';

/** A file name goes on after these: `a.csv` is not cited by `a.csv.bak`, but by `a.csv.` at the end of a sentence. */
const longerPath = '(?![\\w/-]|\\.\\w)';
/** UTF-16 units after a path that decide whether it is longer. */
const lookahead = 2;

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

const patternOf = (citations: readonly Citation[]): RegExp => {
  const byText = new Map(citations.map((citation) => [citation.text, citation]));
  const longestFirst = [...byText.values()].toSorted((one, other) => other.text.length - one.text.length);
  const parts = longestFirst.map(({ type, text }) => escaped(text) + (type === 'file_path' ? longerPath : ''));
  return new RegExp(parts.join('|'), 'gu');
};

export interface CitedText {
  value: string;
  annotations: readonly RestAnnotation[];
  /** UTF-16 units of `value` that have been searched before. */
  searched: number;
  /** Whether no text follows. Until then, what may become a longer citation is not returned. */
  isComplete: boolean;
}

/**
 * The citations in a text that it has no annotations for yet. Indices count UTF-16 units.
 */
export const citationsIn = (
  citations: readonly Citation[],
  { value, annotations, searched, isComplete }: CitedText,
): RestAnnotation[] => {
  if (citations.length === 0) return [];
  const longest = Math.max(...citations.map(({ text }) => text.length));
  const annotated = Math.max(0, ...annotations.map(({ end_index: end }) => end));
  const start = Math.max(annotated, searched - longest - lookahead, 0);
  const found: RestAnnotation[] = [];
  const pattern = patternOf(citations);
  pattern.lastIndex = start;
  for (let match = pattern.exec(value); match !== null; match = pattern.exec(value)) {
    const [text] = match;
    const place = { text, start_index: match.index, end_index: match.index + text.length };
    if (!isComplete && place.end_index + lookahead > value.length) break;
    const citation = citations.findLast((each) => each.text === text);
    if (citation === undefined) continue;
    const { type, fileId } = citation;
    found.push(
      type === 'file_path'
        ? { type, ...place, file_path: { file_id: fileId } }
        : { type, ...place, file_citation: { file_id: fileId } },
    );
  }
  return found;
};
