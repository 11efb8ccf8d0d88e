import { realpathSync } from 'node:fs';

/** The folder of the contents of files: next to the data file, also if `dataPath` is a symbolic link to it. */
export const contentsFolderOf = (dataPath: string): string => `${realpathSync(dataPath)}.files`;
