import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { RestThread } from '../../../wire/thread.ts';
import type { Ownership } from './ownership.ts';
import { readPage } from './paging.ts';
import type { PageRequest, StoredPage } from '../access/page.ts';
import type { StoredThreadFilter } from '../access/threads.ts';
import type { Tables } from './tables.ts';
import {
  type ThreadPosition,
  type ThreadRange,
  threadRangeOf,
  type ThreadSegment,
  threadSegmentsOf,
} from './threadRange.ts';
import type { Tenant } from '../../tenant.ts';

const isBetween = ({ start, end }: ThreadRange): RawBuilder<SqlBool> =>
  sql<SqlBool>`(pair.created_at, pair.thread_seq) > (${start.created_at}, ${start.seq})
    and (pair.created_at, pair.thread_seq) < (${end.created_at}, ${end.seq})`;

/** The most rows that are counted to find the rarest pair. */
const countLimit = 1000;

/** The list of threads. Of one tenant, its cost depends on the size of the page, not on the number of threads. */
export const threadList = (db: Kysely<Tables>, tenant: Tenant | undefined, { isOwn }: Ownership) => {
  const rowsWith = ([key, value]: [string, string]) =>
    db.selectFrom('thread_metadata').where(isOwn()).where('key', '=', key).where('value', '=', value);

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

  const inSegment = async (segment: ThreadSegment, direction: 'asc' | 'desc', limit: number) => {
    const query = db
      .selectFrom('threads')
      .select('object')
      .where(isOwn())
      .orderBy('created_at', direction)
      .orderBy('seq', direction)
      .limit(limit);
    if ('createdAt' in segment) {
      const { createdAt, above, below } = segment;
      return query.where('created_at', '=', createdAt).where('seq', '>', above).where('seq', '<', below).execute();
    }
    const { createdAfter, createdBefore } = segment;
    return query.where('created_at', '>', createdAfter).where('created_at', '<', createdBefore).execute();
  };

  const all = async (range: ThreadRange, direction: 'asc' | 'desc', limit: number) => {
    const rows: { object: string }[] = [];
    for (const segment of threadSegmentsOf(range, direction)) {
      if (rows.length < limit) rows.push(...(await inSegment(segment, direction, limit - rows.length)));
    }
    return rows;
  };

  const withPairs = (
    [rarest, ...others]: [[string, string], ...[string, string][]],
    range: ThreadRange,
    direction: 'asc' | 'desc',
    limit: number,
  ) => {
    const [key, value] = rarest;
    let query = db
      .selectFrom('thread_metadata as pair')
      .crossJoin('threads') // SQLite keeps the order of a cross join.
      .select('object')
      .whereRef('threads.seq', '=', 'pair.thread_seq')
      .$if(tenant !== undefined, (pairs) => pairs.where('pair.tenant', '=', tenant ?? ''))
      .where('pair.key', '=', key)
      .where('pair.value', '=', value)
      .where(isBetween(range));
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
    return query.orderBy('pair.created_at', direction).orderBy('pair.thread_seq', direction).limit(limit).execute();
  };

  const positionIn = (table: 'threads' | 'deleted_threads', id: string): Promise<ThreadPosition | undefined> =>
    db.selectFrom(table).select(['created_at', 'seq']).where('id', '=', id).where(isOwn()).executeTakeFirst();

  return async (page: PageRequest, filter: StoredThreadFilter): Promise<StoredPage<RestThread>> => {
    const [rarest, ...others] = await byRarity(Object.entries(filter.metadata));
    return readPage(
      page,
      async (id) => (await positionIn('threads', id)) ?? positionIn('deleted_threads', id),
      async (positions) => {
        const { direction, limit } = positions;
        const range = threadRangeOf(positions, filter);
        if (range === undefined) return [];
        const rows = await (rarest === undefined
          ? all(range, direction, limit)
          : withPairs([rarest, ...others], range, direction, limit));
        return rows.map(({ object }) => JSON.parse(object) as RestThread);
      },
    );
  };
};
