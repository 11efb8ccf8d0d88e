/** A number in as many digits as it deserves: 0.27, 5.4, 82, 1,140. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  const digits = Number.isInteger(value) ? 0 : value < 1 ? 2 : value < 10 ? 1 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

/** A ratio: 1.00, 0.23, 12.6. */
export const ratio = (value: number): string => (Number.isFinite(value) ? value.toFixed(value < 10 ? 2 : 1) : '–');
