import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { RestThread } from '../../wire/thread.ts';
import type { Ownership } from './ownership.ts';
import { type PositionRange, readPage } from './paging.ts';
import type { PageRequest, StoredPage, StoredThreadFilter } from './store.ts';
import type { Tables } from './tables.ts';
import { DEFAULT_TENANT, type Tenant } from '../tenant.ts';

/** Where a thread is in the list: by its time of creation, and within a second by insertion. */
interface ThreadPosition {
  created_at: number;
  seq: number;
}

type Bound = ThreadPosition | undefined;

const isEarlier = (one: ThreadPosition, other: ThreadPosition) =>
  one.created_at < other.created_at || (one.created_at === other.created_at && one.seq < other.seq);

/** One bound for the cursor and the filter together: SQLite would search the index by one of them and read past the other. */
const boundsOf = ({ above, below }: PositionRange<ThreadPosition>, filter: StoredThreadFilter) => {
  const { createdFrom, createdBefore } = filter;
  const from: Bound = createdFrom === undefined ? undefined : { created_at: createdFrom, seq: 0 };
  const before: Bound = createdBefore === undefined ? undefined : { created_at: createdBefore, seq: 0 };
  return {
    start: from === undefined || (above !== undefined && isEarlier(from, above)) ? above : from,
    end: before === undefined || (below !== undefined && isEarlier(below, before)) ? below : before,
  };
};

/** Undefined bounds are written as those that include every thread, so that there is one statement. */
const isBetween = (columns: RawBuilder<unknown>, start: Bound, end: Bound): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${columns}) > (${start?.created_at ?? 0}, ${start?.seq ?? 0})
    and (${columns}) < (${end?.created_at ?? Number.MAX_SAFE_INTEGER}, ${end?.seq ?? 0})`;

/** The most rows that are counted to find the rarest pair. */
const countLimit = 1000;

/** The list of the threads of one tenant. Its cost depends on the size of the page, not on the number of threads. */
export const threadList = (db: Kysely<Tables>, tenant: Tenant = DEFAULT_TENANT, { isOwn }: Ownership) => {
  const rowsWith = ([key, value]: [string, string]) =>
    db.selectFrom('thread_metadata').where('tenant', '=', tenant).where('key', '=', key).where('value', '=', value);

  /** The pairs, rarest first: the threads that have the first one are read, and the others are looked up for each. */
  const byRarity = async (pairs: [string, string][]) => {
    if (pairs.length < 2) return pairs;
    const counted = await Promise.all(
      pairs.map(async (pair) => {
        const { count } = await db
          .selectFrom(rowsWith(pair).select('thread_seq').limit(countLimit).as('some'))
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        return { pair, count };
      }),
    );
    return counted.toSorted((one, other) => one.count - other.count).map(({ pair }) => pair);
  };

  const all = (start: Bound, end: Bound, { direction, limit }: PositionRange<ThreadPosition>) =>
    db
      .selectFrom('threads')
      .select('object')
      .where('tenant', '=', tenant)
      .where(isBetween(sql`created_at, seq`, start, end))
      .orderBy('created_at', direction)
      .orderBy('seq', direction)
      .limit(limit);

  const withPairs = (
    [rarest, ...others]: [[string, string], ...[string, string][]],
    start: Bound,
    end: Bound,
    { direction, limit }: PositionRange<ThreadPosition>,
  ) => {
    const [key, value] = rarest;
    let query = db
      .selectFrom('thread_metadata as pair')
      .crossJoin('threads') // SQLite keeps the order of a cross join.
      .select('object')
      .whereRef('threads.seq', '=', 'pair.thread_seq')
      .where('pair.tenant', '=', tenant)
      .where('pair.key', '=', key)
      .where('pair.value', '=', value)
      .where(isBetween(sql`pair.created_at, pair.thread_seq`, start, end));
    for (const other of others) {
      query = query.where((eb) =>
        eb.exists(
          rowsWith(other)
            .select(sql`1`.as('one'))
            .where('thread_metadata.created_at', '=', eb.ref('pair.created_at'))
            .where('thread_metadata.thread_seq', '=', eb.ref('pair.thread_seq')),
        ),
      );
    }
    return query.orderBy('pair.created_at', direction).orderBy('pair.thread_seq', direction).limit(limit);
  };

  const positionIn = (table: 'threads' | 'deleted_threads', id: string): Promise<ThreadPosition | undefined> =>
    db.selectFrom(table).select(['created_at', 'seq']).where('id', '=', id).where(isOwn()).executeTakeFirst();

  return async (page: PageRequest, filter: StoredThreadFilter): Promise<StoredPage<RestThread>> => {
    const [rarest, ...others] = await byRarity(Object.entries(filter.metadata));
    return readPage(
      page,
      async (id) => (await positionIn('threads', id)) ?? positionIn('deleted_threads', id),
      async (range) => {
        const { start, end } = boundsOf(range, filter);
        const query = rarest === undefined ? all(start, end, range) : withPairs([rarest, ...others], start, end, range);
        return (await query.execute()).map(({ object }) => JSON.parse(object) as RestThread);
      },
    );
  };
};
