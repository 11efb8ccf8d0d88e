import { PriceFileError, type PricesByModel, readPriceFile } from '../../prices/priceFile.ts';
import { NotAllowed } from './setting.ts';

/** The prices in a file; none if the path is empty. The file is read once, at the start. */
export const priceFile = (path: string): PricesByModel => {
  if (path === '') return new Map();
  try {
    return readPriceFile(path);
  } catch (error) {
    if (error instanceof PriceFileError) throw new NotAllowed(`the path of a valid price file (${error.message})`);
    throw error;
  }
};
