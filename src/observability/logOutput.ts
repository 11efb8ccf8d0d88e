/** Takes a line of the log, with its line end. */
export type LogWrite = (line: string, level: string) => void;

/**
 * Writes to standard error, all lines of one turn of the event loop by one call: under load a call for each would cost more
 * than the line. An error is written at once, and so is what is left at the end of the process.
 */
export const standardError = (): LogWrite => {
  let lines = '';
  const flush = () => {
    if (lines !== '') process.stderr.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return (line, level) => {
    if (lines === '' && level !== 'error') setImmediate(flush);
    lines += line;
    if (level === 'error') flush();
  };
};
