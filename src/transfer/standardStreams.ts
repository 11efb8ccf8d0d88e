/** How standard input is named on the command line in place of a file. */
export const STANDARD_INPUT = '-';

/** How standard output is named on the command line in place of a file. */
export const STANDARD_OUTPUT = '-';
