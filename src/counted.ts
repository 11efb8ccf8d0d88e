/** Such as `1 file` or `2 files`, from a plural that ends in `s`. */
export const counted = (count: number, plural: string): string =>
  `${count} ${count === 1 ? plural.replace(/s$/, '') : plural}`;
