import { type Candidate, problemWith } from './candidate.ts';

const problemOf = ({ object, content }: Candidate): string | undefined => {
  const { bytes } = object;
  if (content === undefined) return 'but its content is not in the input';
  return content.bytes === bytes ? undefined : `but its content has ${content.bytes} bytes instead of ${String(bytes)}`;
};

/** Leaves out files without their content. */
export const checkContents = (fresh: Map<string, Candidate>): void => {
  for (const [key, candidate] of fresh) {
    const problem = problemOf(candidate);
    if (problem === undefined) continue;
    candidate.outcome = problemWith(candidate, problem);
    fresh.delete(key);
  }
};
