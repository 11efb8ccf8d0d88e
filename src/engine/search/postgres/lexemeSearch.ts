import type { Tenant } from '../../tenant.ts';
import { chunkKey } from '../chunkKey.ts';
import type { Ranked } from '../rankFusion.ts';
import { queryWords, textWords } from '../searchText.ts';
import { wordCounts } from '../wordCounts.ts';
import { decisiveWords, rarityOf } from '../wordWeights.ts';
import type { IndexPool } from './indexPool.ts';
import { anyLexeme, storeLexeme, tenantLexeme } from './lexemes.ts';
import type { TenantScope } from './scope.ts';

/** A match in the file's name counts less than one in the text. */
const TITLE_WEIGHT = 0.5;

/** The usual parameters of bm25, as FTS5 has them: https://www.sqlite.org/fts5.html#the_bm25_function */
const K1 = 1.2;
const B = 0.75;

/**
 * How often a chunk has a word, which PostgreSQL does not return. For one word, `ts_rank` is the sum of 1/i² for i from 1 to that number, divided
 * by the limit of this sum, π²/6; what is missing from the limit is about 1 / (number + 1/2).
 */
const occurrences = `1 / (${Math.PI ** 2 / 6} * (1 - rank)) - 0.5`;

/** Ranks the chunks that have one of the decisive words, with bm25. */
const statement = `
  with terms as materialized (
    select weight, plainto_tsquery('engine_words', word) as query from unnest($5::text[], $6::float8[]) as term (word, weight))
  select e.entry as entry, w.position as position,
      (select sum(weight * ${K1 + 1} * number / (number + ${K1} * (${1 - B} + ${B} * w.length / $7::float8)))
        from (select weight, ${occurrences} as number
          from (select weight, ts_rank('{1, 0, 0, ${TITLE_WEIGHT}}', w.words, query)::float8 as rank from terms) as ranked
          where rank > 0) as counted) as score
    from search_words as w join search_entries as e on e.build = w.build
    where w.words @@ ($3::tsquery && to_tsquery('engine_words', $4))
      and e.is_current and e.store_id = any($1) and ($2::bigint[] is null or e.entry = any($2))
    order by score desc, entry, position limit $8`;

/** Finds chunks by their words: `byWords` of `SearchableChunks`. */
export const lexemeSearch = (pool: IndexPool) => {
  const countsOf = wordCounts(async (tenant: Tenant, word) => {
    const [row] = await pool.rows<{ count: number }>(
      `select count(*) as count from search_words where words @@ ($1::tsquery && to_tsquery('engine_words', $2))`,
      [anyLexeme([tenantLexeme(tenant)]), word],
    );
    return row?.count ?? 0;
  });

  return async (query: string, scope: TenantScope, limit: number): Promise<Ranked[]> => {
    const { tenant, vectorStoreIds, entries, chunks, tenantChunks, tenantWords } = scope;
    const words = [...new Set(queryWords(query).flatMap(textWords))];
    if (words.length === 0 || entries?.length === 0) return [];
    const counts = await countsOf(tenant, tenantChunks, words);
    const decisive = decisiveWords(counts, words, chunks);
    if (decisive.length === 0) return [];
    const weights = words.map((word) => rarityOf(counts.matches.get(word) ?? 0, counts.total));
    const sum = weights.reduce((before, weight) => before + weight, 0);
    const rows = await pool.rows<{ entry: number; position: number; score: number }>(statement, [
      vectorStoreIds,
      entries ?? null,
      anyLexeme(vectorStoreIds.map(storeLexeme)),
      decisive.join(' | '),
      words,
      weights.map((weight) => weight / sum),
      tenantWords / tenantChunks,
      limit,
    ]);
    return rows.map(({ entry, position, score }) => ({ key: chunkKey(entry, position), score: Math.min(1, score) }));
  };
};
