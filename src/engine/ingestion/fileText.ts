import { plainText } from './formats/plainText.ts';
import { IngestionError } from './ingestionError.ts';
import { MAX_TEXT_LENGTH } from './limits.ts';

type ReadText = (bytes: Uint8Array) => string | Promise<string>;

// The libraries are loaded when the first file needs them.
const pdf: ReadText = async (bytes) => (await import('./formats/pdf.ts')).pdfText(bytes);
const docx: ReadText = async (bytes) => (await import('./formats/docx.ts')).docxText(bytes);
const pptx: ReadText = async (bytes) => (await import('./formats/pptx.ts')).pptxText(bytes);
const html: ReadText = async (bytes) => (await import('./formats/html.ts')).htmlText(plainText(bytes));

/** By the extension of the file's name. All other files have to be text. */
const readers: Record<string, ReadText> = { pdf, docx, pptx, html, htm: html };

const startsWith = (bytes: Uint8Array, signature: string) =>
  Buffer.from(bytes.subarray(0, signature.length)).toString('latin1') === signature;

const readerFor = (filename: string, bytes: Uint8Array): ReadText => {
  const extension = /\.([^.]+)$/u.exec(filename)?.[1]?.toLowerCase() ?? '';
  // A PDF file by another name, or without an extension.
  return readers[extension] ?? (startsWith(bytes, '%PDF-') ? pdf : plainText);
};

/**
 * The text of a file: of pdf, docx, pptx and html what a reader sees, of any other text file all of it.
 * @throws {IngestionError} if the file is damaged, of another type, has no text, or too much
 */
export const fileText = async (filename: string, bytes: Uint8Array): Promise<string> => {
  const text = await readerFor(filename, bytes)(bytes);
  if (text.length > MAX_TEXT_LENGTH) {
    throw new IngestionError(
      'invalid_file',
      `The file has too much text. Expected at most ${MAX_TEXT_LENGTH} characters.`,
    );
  }
  if (text.trim() === '') throw new IngestionError('invalid_file', 'The file has no text that could be searched.');
  return text;
};
