/** Takes a line of the log, with its line end. */
export type LogWrite = (line: string, level: string) => void;

/** How long a line waits for others, in milliseconds. */
const FLUSH_MS = 10;

/** Lines are written once they are so many characters together. */
const FLUSH_LENGTH = 64 * 1024;

/**
 * Writes to standard error, the lines of 10 ms by one call: under load a call for each would cost more than the line. An error is
 * written at once, and so is what is left at the end of the process.
 */
export const standardError = (): LogWrite => {
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '') process.stderr.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return (line, level) => {
    lines += line;
    if (level === 'error' || lines.length >= FLUSH_LENGTH) flush();
    else timer ??= setTimeout(flush, FLUSH_MS).unref();
  };
};
