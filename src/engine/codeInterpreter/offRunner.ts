import { type CodeRunner, CodeRunnerError } from './codeRunner.ts';

/** A runner that was turned on and cannot be used. Calls of the tool say why, since users would expect it to work. */
export const offRunner = (name: string, problem: string): CodeRunner => ({
  name,
  problem,
  run: () => Promise.reject(new CodeRunnerError(problem)),
  close: () => Promise.resolve(),
});
