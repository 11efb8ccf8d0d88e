import { type Economy, isRefusedList, PAID, WORTH_A_PAGE } from './economy.ts';
import { groupedBy } from './grouped.ts';
import { KnownList, type Page, type PageWindow } from './knownList.ts';
import type { LookUps } from './lookUps.ts';

/** Those items that belong to a narrower list; undefined where that cannot be told. */
type PickFrom<Item> = (items: readonly Item[]) => Item[] | undefined;

/** The lists of one type, and how one is told from another. */
export interface ListKind<List, Item> {
  /** `message`, `run`, … */
  type: string;
  /** Unlike that of any other list of the type. */
  name(list: List): string;
  read(list: List, window: PageWindow): Promise<Page<Item>>;
  /** Whether a list belongs to something else, so that it is missing only where its members are too. */
  owned: boolean;
  /** The list that has all members of this one among its own, and from which it can be picked once that is known to its end. */
  within?(list: List): { list: List; pick: PickFrom<Item> } | undefined;
}

/** One list, as far as the request has asked for it. */
export interface OneList<List, Item extends { id: string }> {
  readonly list: List;
  readonly name: string;
  readonly known: KnownList<Item>;
  /** Of all its pages, those that failed included: nothing is asked again that failed once. */
  readonly readings: Reading<List, Item>[];
  readonly wide: { of: OneList<List, Item>; pick: PickFrom<Item> } | undefined;
  /** Its members, asked for by id; made when the first one is. */
  lookUps: LookUps<Item> | undefined;
}

/** A page that was asked for. */
interface Reading<List, Item extends { id: string }> extends PageWindow {
  readonly one: OneList<List, Item>;
  /** Of its call; undefined until that is made, and so long the limit may still grow. */
  wave: number | undefined;
  ended: boolean;
  readonly page: Promise<Page<Item>>;
  /** Settles once a wider list is read from which this one may be picked. */
  broughtBy: Promise<void> | undefined;
}

/**
 * What one request knows of the lists of a type, and how it learns more. What was read serves every page that lies within
 * it. What is asked for in one tick goes out together when that is over: windows that begin at the same place are one
 * call. And a page that is under way since an earlier wave is waited for where it may hold what is wanted: it was asked for
 * before the question could have been, so waiting makes no wave more.
 */
export class Lists<List, Item extends { id: string }> {
  readonly #kind: ListKind<List, Item>;
  readonly #economy: Economy;
  #lists = new Map<string, OneList<List, Item>>();
  #unsent: Reading<List, Item>[] = [];
  #sending: Promise<void> | undefined;

  constructor(kind: ListKind<List, Item>, economy: Economy) {
    this.#kind = kind;
    this.#economy = economy;
  }

  at(list: List): OneList<List, Item> {
    const name = this.#kind.name(list);
    const known = this.#lists.get(name);
    if (known) return known;
    const wide = this.#kind.within?.(list);
    const one: OneList<List, Item> = {
      list,
      name,
      known: new KnownList(),
      readings: [],
      wide: wide && { of: this.at(wide.list), pick: wide.pick },
      lookUps: undefined,
    };
    this.#lists.set(name, one);
    return one;
  }

  /**
   * A page of a list; one with fewer items than `limit` may still say `has_more`, as with any REST list. It may hold more
   * where others asked for more.
   */
  page(list: List, window: PageWindow): Page<Item> | Promise<Page<Item>> {
    const one = this.at(list);
    const known = cut(one, window);
    const coming = known ? undefined : this.coming(one);
    if (coming) return coming.then(() => this.page(list, window));
    const joined = known ? undefined : joinedBy(one, window);
    if (known || joined) this.#economy.saved.deduplicated += 1;
    return known ?? (joined ?? this.#reading(one, window)).page;
  }

  /** Settles once the pages are there that may hold something of a list and are under way since an earlier wave. */
  coming({ readings, wide }: OneList<List, Item>): Promise<unknown> | undefined {
    const now = this.#economy.waves.next;
    const earlier = (wide ? [...readings, ...wide.of.readings] : readings).filter(
      ({ ended, wave = now }) => !ended && wave < now,
    );
    return earlier.length === 0 ? undefined : Promise.allSettled(earlier.map(({ page }) => page));
  }

  /**
   * Reads the newest page of a list that is not known yet for the sake of several things that it may hold, unless
   * experience speaks against it. `held` counts those that it did. Rejects as the call does, but not where it is only the
   * list that was refused.
   */
  async bring(one: OneList<List, Item>, wanted: { what: string; count: number; held(): number }): Promise<void> {
    const { pagesPaid, saved } = this.#economy;
    const window = wanted.count < WORTH_A_PAGE ? undefined : one.known.newestUnknown();
    const topic = `${this.#kind.type} ${wanted.what} ${one.name}`;
    if (!window || !pagesPaid.isHopeful(topic)) return;
    await (joinedBy(one, window) ?? this.#reading(one, window)).page.catch((error: unknown) => {
      if (!isRefusedList(error, this.#kind.owned)) throw error;
    });
    const held = wanted.held();
    saved.coalesced += held;
    pagesPaid.learn(topic, held >= PAID);
  }

  /** Forgets everything, after a write. What is under way serves only those who asked for it already. */
  forget(): void {
    this.#lists = new Map();
  }

  #reading(one: OneList<List, Item>, { limit, order, after }: PageWindow): Reading<List, Item> {
    this.#sending ??= endOfTick().then(() => this.#send());
    const page = this.#sending.then(() => this.#read(reading));
    const reading: Reading<List, Item> = {
      limit,
      order,
      after,
      one,
      wave: undefined,
      ended: false,
      page,
      broughtBy: undefined,
    };
    one.readings.push(reading);
    this.#unsent.push(reading);
    return reading;
  }

  /** Lists that can all be picked from one are had with a single call, where that shows the one to its end. */
  #send() {
    const readings = this.#unsent;
    this.#unsent = [];
    this.#sending = undefined;
    for (const [wide, group] of groupedBy(readings, ({ one }) => one.wide?.of)) {
      if (!wide || group.length < WORTH_A_PAGE) continue;
      const held = () => group.filter((reading) => cut(reading.one, reading)).length;
      const broughtBy = this.bring(wide, { what: 'lists', count: group.length, held });
      for (const reading of group) reading.broughtBy = broughtBy;
    }
  }

  async #read(reading: Reading<List, Item>): Promise<Page<Item>> {
    const { one, order, after } = reading;
    try {
      if (reading.broughtBy) await reading.broughtBy;
      const known = cut(one, reading);
      if (known) return known;
      reading.wave = this.#economy.waves.next;
      const page = await this.#kind.read(one.list, { limit: reading.limit, order, after });
      one.known.addPage(reading, page);
      (one.wide?.of ?? one).known.addMembers(page.data);
      return page;
    } finally {
      reading.ended = true;
    }
  }
}

/** What is known of a page, by itself or as a pick of the list that this one lies within. */
const cut = <List, Item extends { id: string }>({ known, wide }: OneList<List, Item>, window: PageWindow) => {
  const page = known.cut(window);
  const whole = page ? undefined : wide?.of.known.whole();
  const data = whole && wide?.pick(whole.items);
  if (!whole || !data) return page;
  known.addPage({ order: whole.order }, { data, has_more: false });
  return known.cut(window);
};

/** A page that was asked for, begins at the same place and is large enough, or may still become so. */
const joinedBy = <List, Item extends { id: string }>(
  { readings }: OneList<List, Item>,
  { order, after, limit }: PageWindow,
) => {
  for (const reading of readings) {
    if (reading.order !== order || reading.after !== after) continue;
    if (reading.wave === undefined) reading.limit = Math.max(reading.limit, limit);
    if (reading.limit >= limit) return reading;
  }
  return undefined;
};

/** After what the look-ups do at the end of the tick, so that members which they want can join a page. */
const endOfTick = () =>
  new Promise<void>((resolve) => {
    process.nextTick(() => process.nextTick(resolve));
  });
