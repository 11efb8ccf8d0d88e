/** What JSON escapes: those characters take more than their own bytes. */
const ESCAPED = /["\\\p{Cc}\p{Cs}]/u;

const bytesOf = (text: string): number => Buffer.byteLength(ESCAPED.test(text) ? JSON.stringify(text) : text);

/** Whether the JSON of a result would have more than so many bytes. It looks no further once that is known. */
export const isLargerThan = (data: unknown, maxBytes: number): boolean => {
  let left = maxBytes;
  const fits = (value: unknown): boolean => {
    if (typeof value === 'string') left -= value.length > left ? value.length : bytesOf(value);
    else if (Array.isArray(value)) return value.every(fits);
    else if (typeof value === 'object' && value !== null) {
      return Object.entries(value).every(([key, member]) => {
        left -= key.length + 4;
        return fits(member);
      });
    } else left -= 4;
    return left >= 0;
  };
  return !fits(data);
};
