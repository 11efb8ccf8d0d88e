import { pino } from 'pino';
import { redactorOf } from '../rest/redact.ts';
import { type LogWrite, standardError } from './logOutput.ts';

/** How much is logged; each level includes the ones before it. */
export const logLevels = ['silent', 'error', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The fields of a log line. Flat values only, so that a set of headers cannot be passed by mistake. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

type Write = (event: string, fields?: LogFields) => void;

/** The log of the server. `event` names the kind of event, `fields` describe it. */
export interface Log {
  readonly error: Write;
  readonly info: Write;
  readonly debug: Write;
  /** A log that adds fields to each line, such as the id of a request. */
  readonly with: (bound: LogFields) => Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Values that must never be seen, whatever text contains them: `[redacted]` replaces them. */
  readonly secrets?: readonly string[];
  /** Takes one line with its line end. Default: standard error, since standard output has the start-up lines. */
  readonly write?: LogWrite;
}

/** A log that writes one line of JSON for each event: `level`, `time` (ISO 8601, UTC), `event`, then the fields. */
export const createLog = ({ level, secrets = [], write = standardError() }: LogOptions): Log => {
  let current: LogLevel = 'info';
  const logger = pino(
    {
      level,
      base: null,
      timestamp: timeMember,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => write(line, current) },
  );
  const redactor = redactorOf(secrets);
  const writerAt =
    (own: 'error' | 'info' | 'debug', bound: LogFields): Write =>
    (event, fields) => {
      if (!logger.isLevelEnabled(own)) return;
      current = own;
      const line: Record<string, LogFields[string]> = { event, ...bound, ...fields };
      if (secrets.length > 0) redactFields(line, redactor.text);
      logger[own](line);
    };
  const logWith = (bound: LogFields): Log => ({
    error: writerAt('error', bound),
    info: writerAt('info', bound),
    debug: writerAt('debug', bound),
    with: (more) => logWith({ ...bound, ...more }),
  });
  return logWith({});
};

/** The second whose text was made last, and that text: a Date for each line would cost more than the rest of it. */
let second = Number.NaN;
let secondText = '';

/** The member of a line that holds the time, with the comma before it. */
const timeMember = (): string => {
  const now = Date.now();
  const started = now - (now % 1000);
  if (started !== second) {
    second = started;
    secondText = `,"time":"${new Date(started).toISOString().slice(0, -4)}`;
  }
  return `${secondText}${String(now - started).padStart(3, '0')}Z"`;
};

/** Before they are written as JSON, which would escape a quote inside a secret. */
const redactFields = (fields: Record<string, LogFields[string]>, redact: (text: string) => string): void => {
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') fields[name] = redact(value);
  }
};

/** What to log of something thrown: its message, and its stack, which for an error without a name of its own is the only clue. */
export const thrownFields = (thrown: unknown): LogFields =>
  thrown instanceof Error ? { message: thrown.message, stack: thrown.stack } : { message: String(thrown) };
