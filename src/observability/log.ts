import { redactorOf } from '../rest/redact.ts';

/** How much is logged; each level includes the ones before it. */
export const logLevels = ['silent', 'error', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What an event may carry. Flat values only, so that a set of headers cannot be handed in by mistake. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

type Write = (event: string, fields?: LogFields) => void;

/** Where the running server says what happens. `event` names the kind of event, `fields` tell the rest. */
export interface Log {
  readonly error: Write;
  readonly info: Write;
  readonly debug: Write;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Values that must never be seen, whatever text brings them along: `[redacted]` stands in their place. */
  readonly secrets?: readonly string[];
  /** Takes one line with its line end. Default: standard error, which leaves standard output to the start-up lines. */
  readonly write?: (line: string, level: LogLevel) => void;
}

/**
 * To standard error, all lines of one turn of the event loop by one call: under load a call for each would cost more than
 * the line. An error is written at once, and so is what is left at the end of the process.
 */
const toStandardError = () => {
  let lines = '';
  const flush = () => {
    if (lines !== '') process.stderr.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return (line: string, level: LogLevel) => {
    if (lines === '' && level !== 'error') setImmediate(flush);
    lines += line;
    if (level === 'error') flush();
  };
};

/** A log that writes one line of JSON an event: `time` (ISO 8601, UTC), `level`, `event`, then the fields. */
export const createLog = ({ level, secrets = [], write = toStandardError() }: LogOptions): Log => {
  // Redacted before it is written as JSON, which would spell a quote inside a secret in another way.
  const redactor = redactorOf(secrets);
  const clean =
    secrets.length === 0
      ? undefined
      : (_key: string, value: unknown) => (typeof value === 'string' ? redactor.text(value) : value);

  const writerAt = (own: LogLevel): Write =>
    logLevels.indexOf(own) > logLevels.indexOf(level)
      ? () => {}
      : (event, fields) =>
          write(`${JSON.stringify({ time: new Date().toISOString(), level: own, event, ...fields }, clean)}\n`, own);

  return { error: writerAt('error'), info: writerAt('info'), debug: writerAt('debug') };
};

/** What to log of something thrown: its message, and its stack, which for an error without a name of its own is the only clue. */
export const thrownFields = (thrown: unknown): LogFields =>
  thrown instanceof Error ? { message: thrown.message, stack: thrown.stack } : { message: String(thrown) };
