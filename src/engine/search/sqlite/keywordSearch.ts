import type { Ranked } from '../rankFusion.ts';
import { queryWords } from '../searchText.ts';
import { type IndexDatabase, scopeWord, wordsTable } from './indexFile.ts';

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
const rarityOf = (matches: number, total: number) =>
  Math.max(1e-6, Math.log((total - matches + 0.5) / (matches + 0.5)));

/** The same without the lower limit, at which words of small collections have no weight. */
const smoothRarityOf = (matches: number, total: number) => Math.log(1 + (total - matches + 0.5) / (matches + 0.5));

/** Counts that were made of one state of the index. */
interface WordCounts {
  version: number;
  total: number;
  matches: Map<string, number>;
}

/** Words whose counts are kept. */
const MAX_COUNTS = 10_000;

/** Finds chunks by their words, with bm25. */
export const keywordSearch = (database: IndexDatabase) => {
  const counts = new Map<number, WordCounts>();

  const countsOf = (tenant: number): WordCounts => {
    const { data_version: version } = database.prepare('pragma data_version').get([]) as { data_version: number };
    const known = counts.get(tenant);
    if (known !== undefined && known.version === version && known.matches.size < MAX_COUNTS) return known;
    const { total } = database
      .prepare('select coalesce(sum(chunks), 0) as total from entries where tenant = ?')
      .get([tenant]) as {
      total: number;
    };
    const fresh = { version, total, matches: new Map<string, number>() };
    counts.set(tenant, fresh);
    return fresh;
  };

  /** By what a score of bm25 is multiplied, so that a chunk of average length that has each word of the query once gets 1. */
  const scaleOf = (tenant: number, words: readonly string[]): number => {
    const { total, matches } = countsOf(tenant);
    const table = wordsTable(tenant);
    const count = database.prepare(`select count(*) as n from ${table} where ${table} match ?`);
    const found = words.map((word) => {
      const number = matches.get(word) ?? (count.get([`{title text} : "${word}"`]) as { n: number }).n;
      matches.set(word, number);
      return number;
    });
    const sum = (numbers: readonly number[], rarity: typeof rarityOf) =>
      numbers.reduce((before, number) => before + rarity(number, total), 0);
    const present = found.filter((number) => number > 0);
    // Words that no chunk has lower the scores of all.
    return sum(present, smoothRarityOf) / sum(found, smoothRarityOf) / sum(present, rarityOf);
  };

  /**
   * Best first. The score is the part of the query that a chunk has, with rare words counting more: 1 if it has each word at least
   * once, and is not longer than others.
   */
  return (query: string, { tenant, stores, entries }: Scope, limit: number): Ranked[] => {
    const words = queryWords(query);
    if (words.length === 0 || stores.length === 0 || entries?.length === 0) return [];
    const table = wordsTable(tenant);
    // `words` are letters and digits only, so that quotes make each a string of the query language.
    const matched = words.map((word) => `"${word}"`).join(' OR ');
    const match = `scope : (${stores.map(scopeWord).join(' OR ')}) AND {title text} : (${matched})`;
    const filter = entries === undefined ? '' : 'and (rowid >> 17) in (select value from json_each(?))';
    const rows = database
      .prepare(
        `select rowid as key, -bm25(${table}, 0, ${TITLE_WEIGHT}, 1) as score from ${table}
          where ${table} match ? ${filter} order by score desc limit ?`,
      )
      .all([match, ...(entries === undefined ? [] : [JSON.stringify(entries)]), limit]) as Ranked[];
    if (rows.length === 0) return [];
    const scale = scaleOf(tenant, words);
    return rows.map(({ key, score }) => ({ key, score: Math.min(1, score * scale) }));
  };
};
