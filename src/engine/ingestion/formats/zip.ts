import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { IngestionError } from '../ingestionError.ts';
import { MAX_UNZIPPED_BYTES, MAX_XML_BYTES } from '../limits.ts';

const inflate = promisify(inflateRaw);

interface ZipEntry {
  name: string;
  method: number;
  compressed: Buffer;
}

/** Parts of an archive. Large documents have about a thousand. */
const MAX_ENTRIES = 20_000;

const DIRECTORY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;

const damaged = () => new IngestionError('invalid_file', 'The file is damaged: its zip archive cannot be read.');
const tooLarge = (what: string, limit: number) =>
  new IngestionError(
    'invalid_file',
    `The file is too large: ${what} would have more than ${limit} bytes once decompressed.`,
  );

/** Entries by the central directory, as APPNOTE.TXT of PKWARE describes it. Archives of more than 4 GB (zip64) are not read. */
const entriesOf = (archive: Buffer): ZipEntry[] => {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1) throw damaged();
  const count = archive.readUInt16LE(end + 10);
  if (count > MAX_ENTRIES)
    throw new IngestionError('invalid_file', `The zip archive has more than ${MAX_ENTRIES} parts.`);
  let at = archive.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    if (archive.readUInt32LE(at) !== DIRECTORY_SIGNATURE) throw damaged();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const name = archive.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    const local = archive.readUInt32LE(at + 42);
    if (archive.readUInt32LE(local) !== LOCAL_SIGNATURE) throw damaged();
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const compressed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    const method = archive.readUInt16LE(at + 10);
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    return { name, method, compressed };
  });
};

/** The content, of which no more than `limit` bytes are ever decompressed: the size that an archive states may be a lie. */
const contentOf = async ({ name, method, compressed }: ZipEntry, limit: number): Promise<Buffer> => {
  if (method === 0) {
    if (compressed.length > limit) throw tooLarge(name, limit);
    return compressed;
  }
  if (method !== 8) throw damaged();
  try {
    return await inflate(compressed, { maxOutputLength: Math.max(limit, 1) });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(name, limit);
    throw damaged();
  }
};

const open = (bytes: Uint8Array): ZipEntry[] => {
  try {
    return entriesOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    throw error instanceof RangeError ? damaged() : error; // A position outside the file.
  }
};

const isXml = (name: string) => /\.(?:xml|rels)$/iu.test(name);

/**
 * The parts of a zip archive that `isWanted` selects by their names, in the order of the archive.
 * @throws {IngestionError} if the archive is damaged, or one of its parts or all of them are too large
 */
export const readZip = async (bytes: Uint8Array, isWanted: (name: string) => boolean): Promise<Map<string, Buffer>> => {
  const wanted = new Map<string, Buffer>();
  let left = MAX_UNZIPPED_BYTES;
  for (const entry of open(bytes)) {
    const content = await contentOf(entry, isXml(entry.name) ? Math.min(left, MAX_XML_BYTES) : left);
    left -= content.length;
    if (isWanted(entry.name)) wanted.set(entry.name, content);
  }
  return wanted;
};
