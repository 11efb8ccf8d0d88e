/** A number that is zero or more, exactly: `digits` divided by 10 to the power of `scale`. */
export interface DecimalAmount {
  readonly digits: bigint;
  readonly scale: number;
}

const PATTERN = /^(\d{1,20})(?:\.(\d{1,20}))?(?:e([+-]?\d{1,2}))?$/;

/**
 * Parses decimal text such as `2.50` or `5e-7`. A number is read as the shortest decimal text that stands for it, which is
 * the text that its author wrote. Undefined if it is not a number of zero or more, or has more than 20 digits on either
 * side of the point.
 */
export const parseDecimal = (value: string | number): DecimalAmount | undefined => {
  const [, whole, fraction = '', exponent = '0'] = PATTERN.exec(String(value)) ?? [];
  if (whole === undefined) return undefined;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
};

/** A count of zero or more, multiplied by an amount. `count` must be a safe integer. */
export const timesCount = ({ digits, scale }: DecimalAmount, count: number): DecimalAmount => ({
  digits: digits * BigInt(count),
  scale,
});

/** The amount divided by 10 to the power of `power`. */
export const dividedByTenTo = ({ digits, scale }: DecimalAmount, power: number): DecimalAmount => ({
  digits,
  scale: scale + power,
});

export const sumOf = (amounts: readonly DecimalAmount[]): DecimalAmount => {
  const scale = amounts.reduce((most, each) => Math.max(most, each.scale), 0);
  const digits = amounts.reduce((sum, each) => sum + each.digits * 10n ** BigInt(scale - each.scale), 0n);
  return { digits, scale };
};

/** All digits, without trailing zeros and without an exponent: `0.00325`, `12`, `0`. */
export const decimalText = ({ digits, scale }: DecimalAmount): string => {
  const padded = digits.toString().padStart(scale + 1, '0');
  const whole = padded.slice(0, padded.length - scale);
  const fraction = padded.slice(padded.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
};
