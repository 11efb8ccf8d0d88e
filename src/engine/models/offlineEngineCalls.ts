import type { ChatTool } from './model.ts';
import type { PlannedCall } from './offlineCalls.ts';

const fencedCode = /^```(?:python|py)?[^\S\n]*\n(?<code>.*?)^```[^\S\n]*$/imsu;

/**
 * The calls of the engine's own tools that a message makes in its first turn: of the code interpreter, with the first
 * fenced block of Python, or of no named language; of the file search, if there is a question mark outside of it, or the call is
 * `forced`.
 */
export const engineCallsFor = (message: string, tools: readonly ChatTool[], forced: boolean): PlannedCall[] => {
  const code = fencedCode.exec(message)?.groups?.['code'];
  const words = message.replace(fencedCode, '').trim();
  const isQuestion = forced || words.includes('?') || words.includes('？');
  return tools.flatMap(({ name, engineTool }) => {
    if (engineTool === 'file_search' && isQuestion) return [{ name, arguments: JSON.stringify({ queries: [words] }) }];
    return engineTool === 'code_interpreter' && code !== undefined
      ? [{ name, arguments: JSON.stringify({ code }) }]
      : [];
  });
};

/** Characters of what was found that are quoted. */
const MAX_QUOTED = 300;

/** A sentence about the output of the file search, with the citation of the best result. */
export const quotedFrom = (output: string): string => {
  const [, marker, text = ''] = /^(【[^】]+】)\n(?<text>[^]*?)(?:\n\n【|$)/u.exec(output) ?? [];
  if (marker === undefined) return output;
  const words = text.trim().replaceAll(/\s+/gu, ' ');
  return `The files say: "${words.length > MAX_QUOTED ? `${words.slice(0, MAX_QUOTED)}…` : words}" ${marker}`;
};
