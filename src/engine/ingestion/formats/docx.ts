import mammoth from 'mammoth';
import { IngestionError } from '../ingestionError.ts';
import { readZip } from './zip.ts';

/** The text of a Word document, with an empty line between paragraphs. @throws {IngestionError} */
export const docxText = async (bytes: Uint8Array): Promise<string> => {
  // The library decompresses every part, however large it is.
  await readZip(bytes, () => false);
  try {
    const { value } = await mammoth.extractRawText({ buffer: Buffer.from(bytes) });
    return value;
  } catch {
    throw new IngestionError('invalid_file', 'The file is not a valid Word document (docx).');
  }
};
