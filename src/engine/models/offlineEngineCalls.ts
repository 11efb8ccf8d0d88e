import type { ChatTool } from './model.ts';
import type { PlannedCall } from './offlineCalls.ts';

const fencedCode = /^```(?:python|py)?[^\S\n]*\n(?<code>.*?)^```[^\S\n]*$/imsu;

/**
 * The calls of the engine's own tools that a message makes in its first turn: of the code interpreter, with the first
 * fenced block of Python, or of no named language.
 */
export const engineCallsFor = (message: string, tools: readonly ChatTool[]): PlannedCall[] => {
  const code = fencedCode.exec(message)?.groups?.['code'];
  return tools.flatMap(({ name, engineTool }) =>
    engineTool === 'code_interpreter' && code !== undefined ? [{ name, arguments: JSON.stringify({ code }) }] : [],
  );
};
