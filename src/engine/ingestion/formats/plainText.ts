import { IngestionError } from '../ingestionError.ts';

const encodingOf = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
};

/** Text in UTF-8, or in UTF-16 with a byte order mark, as the API accepts it. @throws {IngestionError} */
export const plainText = (bytes: Uint8Array): string => {
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not the encoding that it would have to be.
  }
  throw new IngestionError(
    'unsupported_file',
    'The type of the file is not supported. Expected pdf, docx, pptx, html, or text (such as txt, md, json, csv or code) in UTF-8 or UTF-16.',
  );
};
