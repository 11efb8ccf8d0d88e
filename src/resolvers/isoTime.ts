import { userInputError } from '../context/errors.ts';
import { encoded } from '../execution/bytes.ts';
import type { JsonWriter } from '../execution/jsonWriter.ts';

/** As seconds this is a day in the year 5138, as milliseconds one in March 1973, before there was any such server. */
const FIRST_IN_MILLISECONDS = 100_000_000_000;

/**
 * A Unix time in milliseconds, from a time of the REST API. These are in seconds, but some compatible servers send milliseconds:
 * any number from 100,000,000,000 on is read as such.
 */
export const millisecondsOf = (time: number): number => (time < FIRST_IN_MILLISECONDS ? time * 1000 : time);

/** RFC 3339, section 5.6. Without a time zone it would be a local time, which depends on the server's settings. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/iu;

/** The Unix time in milliseconds of an ISO 8601 time from a client. Throws BAD_USER_INPUT. */
export const millisecondsIn = (text: unknown): number => {
  const time = typeof text === 'string' && RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw userInputError(
    `DateTime must be a date and time with a time zone, such as "2026-08-26T09:30:00Z", got ${JSON.stringify(text).slice(0, 100)}.`,
  );
};

/** A time of the REST API as ISO 8601 in UTC; undefined if it is not a time. */
export const isoTime = (time: number): string | undefined => {
  const date = new Date(millisecondsOf(time));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

const SECONDS = Array.from({ length: 60 }, (_, second) => encoded(`${String(second).padStart(2, '0')}.000Z"`));

let minute = Number.NaN;
let minuteBytes = encoded('');

/**
 * Writes whole Unix seconds as `isoTime` does, in quotes; for anything else it returns false and writes nothing. Objects of one
 * list were mostly created in the same minute, and Date takes longer than everything else that they need: so the text of the
 * last minute is kept.
 */
export const writeIsoTime = (seconds: unknown, writer: JsonWriter): boolean => {
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds >= FIRST_IN_MILLISECONDS) return false;
  const begun = Math.floor(seconds / 60);
  if (begun !== minute) {
    const text = isoTime(begun * 60);
    if (text === undefined) return false;
    minute = begun;
    minuteBytes = encoded(`"${text.slice(0, -'00.000Z'.length)}`);
  }
  writer.bytes(minuteBytes);
  writer.bytes(SECONDS[seconds - begun * 60] as Uint8Array);
  return true;
};
