import { type Kysely, sql } from 'kysely';
import { type BlobStore, BlobMissingError } from '../files/blobStore.ts';
import type { HeldContents } from '../files/heldContents.ts';
import type { Tables } from '../store/rows/tables.ts';

/** How many contents are looked up at once. */
const pageSize = 500;

/** The SHA-256 of every content to which a file or a part of an upload refers, in their order. */
async function* referencedContents(db: Kysely<Tables>): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const { rows } = await sql<{ sha256: string }>`
      select sha256 from files where sha256 > ${after} union select sha256 from upload_parts where sha256 > ${after}
      order by sha256 limit ${pageSize}`.execute(db);
    for (const { sha256 } of rows) yield sha256;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.sha256;
  }
}

/** The files that have a content, by their ids. */
const filesWith = async (db: Kysely<Tables>, sha256: string) => {
  const rows = await db.selectFrom('files').select('id').where('sha256', '=', sha256).execute();
  return rows.length === 0 ? 'of an upload' : `of ${rows.map(({ id }) => id).join(', ')}`;
};

const isIn = async (blobs: BlobStore, sha256: string): Promise<boolean> => {
  try {
    const chunks = blobs.read(sha256)[Symbol.asyncIterator]();
    await chunks.next();
    await chunks.return?.();
    return true;
  } catch (error) {
    if (error instanceof BlobMissingError) return false;
    throw error;
  }
};

/**
 * Copies the contents of all files, and of the parts of uploads, that the target does not have. One at a time, as it is read. They are
 * held until the rows that refer to them have been copied. `onContent` is called after each, and `onMissing` with a sentence about each
 * that the folder of the data file does not have, or has with other bytes.
 */
export const copyContents = async (
  source: { readonly db: Kysely<Tables>; readonly blobs: BlobStore },
  target: { readonly blobs: BlobStore; readonly held: HeldContents },
  { onContent, onMissing }: { onContent: () => void; onMissing: (sentence: string) => void },
): Promise<void> => {
  for await (const sha256 of referencedContents(source.db)) {
    if (!(await isIn(target.blobs, sha256))) {
      const problem = await target.held.store(source.blobs.read(sha256)).then(
        (stored) => (stored.sha256 === sha256 ? undefined : 'is damaged'),
        (error: unknown) => {
          if (error instanceof BlobMissingError) return 'is missing';
          throw error;
        },
      );
      if (problem !== undefined) onMissing(`The content ${sha256} ${await filesWith(source.db, sha256)} ${problem}.`);
    }
    onContent();
  }
};
