import type { RestFile } from '../../wire/file.ts';

/**
 * The headers of a response with the content of a file. A browser that opens it saves it, and never runs what is in it: who
 * uploaded the file must not be able to run scripts on the origin of the server.
 */
export const attachmentHeaders = ({ filename, bytes }: RestFile): Record<string, string> => ({
  'content-type': 'application/octet-stream',
  'content-length': String(bytes),
  'content-disposition': `attachment; filename="${asciiOf(filename)}"; filename*=UTF-8''${encoded(filename)}`,
  'x-content-type-options': 'nosniff',
});

/** For clients that do not know `filename*` (RFC 6266, appendix D). */
const asciiOf = (filename: string) => filename.replaceAll(/[^\x20-\x7e]|["\\%]/gu, '_');

/** As RFC 8187 wants it, which allows fewer characters than URLs do. */
const encoded = (filename: string) =>
  encodeURIComponent(filename).replaceAll(/['()*]/gu, (character) => `%${character.charCodeAt(0).toString(16)}`);
