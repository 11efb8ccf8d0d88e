import { encoded } from '../execution/bytes.ts';
import type { JsonWriter } from '../execution/jsonWriter.ts';

/** Unix seconds as ISO 8601 in UTC; undefined for what is no time. */
export const isoTime = (seconds: number): string | undefined => {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

const SECONDS = Array.from({ length: 60 }, (_, second) => encoded(`${String(second).padStart(2, '0')}.000Z"`));

let minute = Number.NaN;
let minuteBytes = encoded('');

/**
 * Writes Unix seconds as `isoTime` has them, in quotes; false, and nothing is written, for what is not whole. Objects that are
 * shown together were mostly made in the same minute, and Date takes longer than all else that a list of them needs: so the text
 * of the last minute is kept.
 */
export const writeIsoTime = (seconds: unknown, writer: JsonWriter): boolean => {
  if (!Number.isInteger(seconds)) return false;
  const begun = Math.floor((seconds as number) / 60);
  if (begun !== minute) {
    const text = isoTime(begun * 60);
    if (text === undefined) return false;
    minute = begun;
    minuteBytes = encoded(`"${text.slice(0, -'00.000Z'.length)}`);
  }
  writer.bytes(minuteBytes);
  writer.bytes(SECONDS[(seconds as number) - begun * 60] as Uint8Array);
  return true;
};
