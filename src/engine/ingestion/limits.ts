/** Bytes of a file that is indexed. It is in memory as a whole while its text is extracted. */
export const MAX_SOURCE_BYTES = 128 * 1024 * 1024;

/** Tokens of the text of one file. The hosted API has the same limit. */
export const MAX_FILE_TOKENS = 5_000_000;

/** UTF-16 units of the text of one file. Protects the memory of the thread before its tokens are counted. */
export const MAX_TEXT_LENGTH = 32 * 1024 * 1024;

/** Bytes that all parts of a zip archive (docx, pptx) may have once they are decompressed. */
export const MAX_UNZIPPED_BYTES = 256 * 1024 * 1024;

/** Bytes of one decompressed part of which the text is read. XML of this size takes about ten times as much memory. */
export const MAX_XML_BYTES = 32 * 1024 * 1024;

/** What the extraction of the text of one file may take. */
export interface ExtractionLimits {
  milliseconds: number;
  /** Memory of the thread that extracts text, without the bytes of the file itself. A third of it may be one array. */
  megabytes: number;
}

export const defaultExtractionLimits: ExtractionLimits = { milliseconds: 120_000, megabytes: 768 };
