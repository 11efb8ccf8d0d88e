import { EMBEDDING_BATCH } from '../embeddings.ts';
import type { ChunkWriter, EmbeddedChunk } from '../indexStorage.ts';
import type { NewIndexedFile } from '../searchIndex.ts';
import { textWords } from '../searchText.ts';
import { type BuildTotals, indexBuilds } from './indexBuilds.ts';
import { type IndexPool, openIndexPool } from './indexPool.ts';
import { storeLexeme, tenantLexeme } from './lexemes.ts';

/** PostgreSQL's text has no NUL. */
const storable = (text: string) => text.replaceAll('\0', '\u{fffd}');

/** The vectors of chunks, one after the other; null if they have none. */
const vectorsOf = (chunks: readonly EmbeddedChunk[]): Buffer | null => {
  const vectors = chunks.flatMap(({ vector }) => (vector === undefined ? [] : [vector]));
  if (vectors.length === 0) return null;
  return Buffer.concat(
    vectors.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
};

async function* batchesOf(chunks: AsyncIterable<EmbeddedChunk>): AsyncGenerator<EmbeddedChunk[]> {
  let batch: EmbeddedChunk[] = [];
  for await (const chunk of chunks) {
    batch.push(chunk);
    if (batch.length === EMBEDDING_BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Writes the chunks of one build, which nobody sees before `publish`. */
const buildWriter = (pool: IndexPool, build: number, { filename, tenant, vectorStoreId }: NewIndexedFile) => {
  const title = textWords(filename);
  const lexemes = [storeLexeme(vectorStoreId), tenantLexeme(tenant)];
  const totals: BuildTotals = { chunks: 0, words: 0, bytes: 0, dimensions: 0 };

  /** One statement, since nothing depends on the order of the rows. The `update` shows that the process is alive. */
  const add = async (batch: readonly EmbeddedChunk[]): Promise<void> => {
    const words = batch.map(({ text }) => textWords(text));
    const lengths = words.map(({ length }) => length + title.length);
    const vectors = vectorsOf(batch);
    await pool.rows(
      `with held as (update search_entries set held_at = now() where build = $1 returning build),
        added as (select held.build, batch.* from held,
          unnest($2::integer[], $3::integer[], $4::text[], $5::integer[], $6::text[])
            as batch (position, overlap, text, length, words)),
        texts as (insert into search_chunks (build, position, overlap, text)
          select build, position, overlap, text from added),
        vectors as (insert into search_vectors (build, position, vectors)
          select build, $9, $10 from held where $10::bytea is not null)
      insert into search_words (build, position, length, words)
        select build, position, length, to_tsvector('engine_words', words)
          || setweight(to_tsvector('engine_words', $7), 'A') || array_to_tsvector($8::text[]) from added`,
      [
        build,
        batch.map((_chunk, index) => totals.chunks + index),
        batch.map(({ overlap }) => overlap),
        batch.map(({ text }) => storable(text)),
        lengths,
        words.map((each) => each.join(' ')),
        title.join(' '),
        lexemes,
        totals.chunks,
        vectors,
      ],
    );
    totals.chunks += batch.length;
    totals.words += lengths.reduce((sum, length) => sum + length, 0);
    totals.bytes += batch.reduce((sum, { text }) => sum + Buffer.byteLength(text), vectors?.byteLength ?? 0);
    totals.dimensions = batch[0]?.vector?.length ?? 0;
  };

  return { add, totals };
};

/** Opens the tables of the index to write them. `model` is that of the vectors. */
export const openPostgresChunkWriter = async (databaseUrl: string, model: string | undefined): Promise<ChunkWriter> => {
  const pool = await openIndexPool(databaseUrl, 1);
  const builds = indexBuilds(pool, model);

  const write = async (build: number, file: NewIndexedFile, chunks: AsyncIterable<EmbeddedChunk>) => {
    const { add, totals } = buildWriter(pool, build, file);
    for await (const batch of batchesOf(chunks)) await add(batch);
    return totals;
  };

  return {
    replace: async (file, chunks) => {
      await builds.sweep();
      const build = await builds.begin(file);
      try {
        const totals = await write(build, file, chunks);
        await builds.publish(file.entry, build, totals);
        return { bytes: totals.bytes };
      } catch (error) {
        await builds.remove([build]).catch(() => undefined); // Otherwise it is swept.
        throw error;
      }
    },
    remove: async (entries) => {
      await builds.removeEntries(entries);
      await builds.sweep();
    },
    close: () => pool.close(),
  };
};
