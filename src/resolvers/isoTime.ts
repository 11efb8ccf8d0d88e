let minute = Number.NaN;
let minuteText = '';

/**
 * Unix seconds as ISO 8601 in UTC; undefined for what is no time. Objects that are shown together were mostly made in the same
 * minute, and Date takes longer than all else that a list of them needs: so the text of the last minute is kept.
 */
export const isoTime = (seconds: number): string | undefined => {
  if (!Number.isInteger(seconds)) return textOf(seconds);
  const begun = Math.floor(seconds / 60);
  if (begun !== minute) {
    const text = textOf(begun * 60);
    if (text === undefined) return undefined;
    minute = begun;
    minuteText = text.slice(0, -'00.000Z'.length);
  }
  const rest = seconds - begun * 60;
  return `${minuteText}${rest < 10 ? '0' : ''}${rest}.000Z`;
};

const textOf = (seconds: number) => {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};
