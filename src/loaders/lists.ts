import { type Batching, isListRejected, MIN_PREFETCH_HITS, MIN_PREFETCH_KEYS } from './batching.ts';
import { groupBy } from './groupBy.ts';
import { KnownList, type ListPage, type PageWindow } from './knownList.ts';
import type { ObjectLoader } from './objectLoader.ts';

/** Selects the items of a narrower list; undefined if the items do not say which these are. */
type Select<Item> = (items: readonly Item[]) => Item[] | undefined;

/** The lists of one type. */
export interface ListKind<List, Item> {
  /** `message`, `run`, … */
  type: string;
  /** Unique among the lists of the type. */
  name(list: List): string;
  read(list: List, window: PageWindow): Promise<ListPage<Item>>;
  /** Whether a list has a parent object, so that a missing list has no members. */
  owned: boolean;
  /** The wider list that contains all members of this one, and how to select them once it is completely known. */
  within?(list: List): { list: List; select: Select<Item> } | undefined;
}

/** One list, as far as the request has read it. */
export interface ListState<List, Item extends { id: string }> {
  readonly list: List;
  readonly name: string;
  readonly known: KnownList<Item>;
  /** All its pages, failed ones included: nothing that failed is read again. */
  readonly readings: Reading<List, Item>[];
  readonly wider: { state: ListState<List, Item>; select: Select<Item> } | undefined;
  /** Loads its members by id; created when first used. */
  loader: ObjectLoader<Item> | undefined;
}

/** A page that was requested. */
interface Reading<List, Item extends { id: string }> extends PageWindow {
  readonly state: ListState<List, Item>;
  /** Of its call; undefined until that is sent, and until then the limit may grow. */
  roundTrip: number | undefined;
  ended: boolean;
  readonly page: Promise<ListPage<Item>>;
  /** Settles when a wider list has been read from which this one may be selected. */
  prefetch: Promise<void> | undefined;
}

/**
 * The lists of one type that one request reads. A page that was read serves every window within it. Windows requested in
 * one tick are sent together at its end: those that begin at the same place become one call. If a page of an earlier round
 * trip is pending and may hold what is needed, it is awaited: that costs no additional round trip.
 */
export class Lists<List, Item extends { id: string }> {
  readonly #kind: ListKind<List, Item>;
  readonly #batching: Batching;
  #states = new Map<string, ListState<List, Item>>();
  #unsent: Reading<List, Item>[] = [];
  #sending: Promise<void> | undefined;

  constructor(kind: ListKind<List, Item>, batching: Batching) {
    this.#kind = kind;
    this.#batching = batching;
  }

  stateOf(list: List): ListState<List, Item> {
    const name = this.#kind.name(list);
    const known = this.#states.get(name);
    if (known) return known;
    const wider = this.#kind.within?.(list);
    const state: ListState<List, Item> = {
      list,
      name,
      known: new KnownList(),
      readings: [],
      wider: wider && { state: this.stateOf(wider.list), select: wider.select },
      loader: undefined,
    };
    this.#states.set(name, state);
    return state;
  }

  /**
   * A page of a list. As in REST, it may have fewer items than `limit` and still `has_more`. It may have more items if
   * another window was larger.
   */
  page(list: List, window: PageWindow): ListPage<Item> | Promise<ListPage<Item>> {
    const state = this.stateOf(list);
    const known = knownPage(state, window);
    const pending = known ? undefined : this.pending(state);
    if (pending) return pending.then(() => this.page(list, window));
    const shared = known ? undefined : sharedReading(state, window);
    if (known || shared) this.#batching.savings.deduplicated += 1;
    return known ?? (shared ?? this.#reading(state, window)).page;
  }

  /** Settles when the pending pages of earlier round trips that may hold items of the list have arrived or failed. */
  pending({ readings, wider }: ListState<List, Item>): Promise<unknown> | undefined {
    const now = this.#batching.roundTrips.next;
    const earlier = (wider ? [...readings, ...wider.state.readings] : readings).filter(
      ({ ended, roundTrip = now }) => !ended && roundTrip < now,
    );
    return earlier.length === 0 ? undefined : Promise.allSettled(earlier.map(({ page }) => page));
  }

  /**
   * Reads the newest unknown page of a list that may hold several wanted items, unless the prefetch history advises against
   * it. `hits` counts those that it held. Rejects as the call does, except if only reading the list was rejected.
   */
  async prefetch(state: ListState<List, Item>, wanted: { what: string; count: number; hits(): number }): Promise<void> {
    const { prefetchHistory, savings } = this.#batching;
    const window = wanted.count < MIN_PREFETCH_KEYS ? undefined : state.known.newestUnknown();
    const topic = `${this.#kind.type} ${wanted.what} ${state.name}`;
    if (!window || !prefetchHistory.isWorthTrying(topic)) return;
    await (sharedReading(state, window) ?? this.#reading(state, window)).page.catch((error: unknown) => {
      if (!isListRejected(error, this.#kind.owned)) throw error;
    });
    const hits = wanted.hits();
    savings.coalesced += hits;
    prefetchHistory.record(topic, hits >= MIN_PREFETCH_HITS);
  }

  /** Forgets everything, after a write. Pending pages still serve those that requested them. */
  forget(): void {
    this.#states = new Map();
  }

  #reading(state: ListState<List, Item>, { limit, order, after }: PageWindow): Reading<List, Item> {
    this.#sending ??= endOfTick().then(() => this.#send());
    const page = this.#sending.then(() => this.#read(reading));
    const reading: Reading<List, Item> = {
      limit,
      order,
      after,
      state,
      roundTrip: undefined,
      ended: false,
      page,
      prefetch: undefined,
    };
    state.readings.push(reading);
    this.#unsent.push(reading);
    return reading;
  }

  /** Lists within one wider list cost a single call if that returns the wider list completely. */
  #send() {
    const readings = this.#unsent;
    this.#unsent = [];
    this.#sending = undefined;
    for (const [wider, group] of groupBy(readings, ({ state }) => state.wider?.state)) {
      if (!wider || group.length < MIN_PREFETCH_KEYS) continue;
      const hits = () => group.filter((reading) => knownPage(reading.state, reading)).length;
      const prefetch = this.prefetch(wider, { what: 'lists', count: group.length, hits });
      for (const reading of group) reading.prefetch = prefetch;
    }
  }

  async #read(reading: Reading<List, Item>): Promise<ListPage<Item>> {
    const { state, order, after } = reading;
    try {
      if (reading.prefetch) await reading.prefetch;
      const known = knownPage(state, reading);
      if (known) return known;
      reading.roundTrip = this.#batching.roundTrips.next;
      const page = await this.#kind.read(state.list, { limit: reading.limit, order, after });
      state.known.addPage(reading, page);
      (state.wider?.state ?? state).known.addMembers(page.data);
      return page;
    } finally {
      reading.ended = true;
    }
  }
}

/** The known part of a page, from the list itself or selected from the wider list. */
const knownPage = <List, Item extends { id: string }>({ known, wider }: ListState<List, Item>, window: PageWindow) => {
  const page = known.page(window);
  const complete = page ? undefined : wider?.state.known.complete();
  const data = complete && wider?.select(complete.items);
  if (!complete || !data) return page;
  known.addPage({ order: complete.order }, { data, has_more: false });
  return known.page(window);
};

/** A page already requested that begins at the same place and is, or can still become, large enough. */
const sharedReading = <List, Item extends { id: string }>(
  { readings }: ListState<List, Item>,
  { order, after, limit }: PageWindow,
) => {
  for (const reading of readings) {
    if (reading.order !== order || reading.after !== after) continue;
    if (reading.roundTrip === undefined) reading.limit = Math.max(reading.limit, limit);
    if (reading.limit >= limit) return reading;
  }
  return undefined;
};

/** After the batches at the end of the tick, so that members which they need can share a page. */
const endOfTick = () =>
  new Promise<void>((resolve) => {
    process.nextTick(() => process.nextTick(resolve));
  });
