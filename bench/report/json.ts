/** JSON with numbers of four significant digits at most: more of a measurement is noise. */
export const json = (value: unknown): string =>
  `${JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? rounded(member) : member), 2)}\n`;

const rounded = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));
