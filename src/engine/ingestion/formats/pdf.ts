import { getDocumentProxy } from 'unpdf';
import { IngestionError } from '../ingestionError.ts';
import { MAX_TEXT_LENGTH } from '../limits.ts';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

const open = async (bytes: Uint8Array): Promise<PdfDocument> => {
  try {
    return await getDocumentProxy(bytes, { verbosity: 0 });
  } catch (error) {
    const isLocked = error instanceof Error && error.name === 'PasswordException';
    throw new IngestionError(
      'invalid_file',
      isLocked ? 'The PDF file is protected with a password.' : 'The file is not a valid PDF file.',
    );
  }
};

const pageText = async (document: PdfDocument, number: number): Promise<string> => {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  return items
    .map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
    .join('')
    .replaceAll('\0', '');
};

/** The text of a PDF file, with an empty line between pages. Images of text are not read. @throws {IngestionError} */
export const pdfText = async (bytes: Uint8Array): Promise<string> => {
  const document = await open(bytes);
  const pages: string[] = [];
  let length = 0;
  try {
    for (let number = 1; number <= document.numPages; number += 1) {
      const text = await pageText(document, number).catch(() => {
        throw new IngestionError('invalid_file', `Page ${number} of the PDF file cannot be read.`);
      });
      length += text.length;
      // The exact limit is checked later. No more than this is kept of a document of any size.
      if (length > MAX_TEXT_LENGTH) break;
      pages.push(text);
    }
  } finally {
    await document.loadingTask.destroy();
  }
  return pages.join('\n\n');
};
