import type { Ranked } from '../rankFusion.ts';
import { queryWords } from '../searchText.ts';
import { entryOfRowid, type IndexDatabase, scopeWord, wordsTable } from './indexFile.ts';
import { wordCounts } from '../wordCounts.ts';
import { decisiveWords, rarityOf, type WordCounts } from '../wordWeights.ts';

/** Where to search, by the ids of the index. */
export interface Scope {
  tenant: number;
  stores: readonly number[];
  /** The entries to search; undefined for all of the stores. */
  entries: readonly number[] | undefined;
}

/** A match in the file's name counts less than one in the text. */
const TITLE_WEIGHT = 0.5;

/** The weight of a word in FTS5's bm25, with its lower limit: https://www.sqlite.org/fts5.html#the_bm25_function */
const fts5RarityOf = (matches: number, total: number) =>
  Math.max(1e-6, Math.log((total - matches + 0.5) / (matches + 0.5)));

/** By what a score of bm25 is multiplied, so that a chunk of average length that has each word of the query once gets 1. */
const scaleOf = ({ total, matches }: WordCounts, words: readonly string[]): number => {
  const found = words.map((word) => matches.get(word) ?? 0);
  const present = found.filter((number) => number > 0);
  const sum = (numbers: readonly number[], rarity: typeof rarityOf) =>
    numbers.reduce((before, number) => before + rarity(number, total), 0);
  // Words that no chunk has lower the scores of all.
  return sum(present, rarityOf) / sum(found, rarityOf) / sum(present, fts5RarityOf);
};

/** Words are letters and digits only, so that quotes make each a string of the query language. */
const anyOf = (words: readonly string[]) => `{title text} : (${words.map((word) => `"${word}"`).join(' OR ')})`;

/** Finds chunks by their words, with bm25. In stores of more than about `maxCandidates` chunks, only those with rarer words are ranked. */
export const keywordSearch = (database: IndexDatabase, maxCandidates?: number) => {
  const countsOf = wordCounts((tenant: number, word) => {
    const table = wordsTable(tenant);
    const count = database.prepare(`select count(*) as n from ${table} where ${table} match ?`);
    return (count.get([`{title text} : "${word}"`]) as { n: number }).n;
  });

  const chunksOf = (tenant: number): number => {
    const row = database.prepare('select sum(chunks) as n from entries where tenant = ?').get([tenant]) as {
      n: number | null;
    };
    return row.n ?? 0;
  };

  const chunksIn = (stores: readonly number[]): number => {
    const row = database
      .prepare('select sum(chunks) as n from entries where store in (select value from json_each(?))')
      .get([JSON.stringify(stores)]) as { n: number | null };
    return row.n ?? 0;
  };

  /** As `byWords` of `SearchableChunks`. */
  return async (query: string, { tenant, stores, entries }: Scope, limit: number): Promise<Ranked[]> => {
    const words = queryWords(query);
    if (words.length === 0 || stores.length === 0 || entries?.length === 0) return [];
    const counts = await countsOf(tenant, chunksOf(tenant), words);
    const decisive = decisiveWords(counts, words, chunksIn(stores), maxCandidates);
    if (decisive.length === 0) return [];
    const scope = `scope : (${stores.map(scopeWord).join(' OR ')})`;
    const match = [scope, anyOf(decisive), ...(decisive.length < words.length ? [anyOf(words)] : [])].join(' AND ');
    const table = wordsTable(tenant);
    const filter = entries === undefined ? '' : `and ${entryOfRowid} in (select value from json_each(?))`;
    const rows = database
      .prepare(
        `select rowid as key, -bm25(${table}, 0, ${TITLE_WEIGHT}, 1) as score from ${table}
          where ${table} match ? ${filter} order by score desc limit ?`,
      )
      .all([match, ...(entries === undefined ? [] : [JSON.stringify(entries)]), limit]) as Ranked[];
    const scale = scaleOf(counts, words);
    return rows.map(({ key, score }) => ({ key, score: Math.min(1, score * scale) }));
  };
};
