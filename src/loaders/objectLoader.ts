import DataLoader from 'dataloader';
import { isMissing } from '../rest/errors/apiError.ts';
import type { Batching, BatchSavings } from './batching.ts';

/** Reads the objects of one batch: one result for each id, in their order. */
export type ReadBatch<Item> = (ids: readonly string[]) => Promise<readonly (Item | null | Promise<Item | null>)[]>;

type ObjectLoaderOptions = Pick<Batching, 'savings' | 'observeBatch'>;

/**
 * Loads objects of one type by id, each once: a DataLoader whose keys settle one by one, each as soon as its result
 * arrives, instead of all with the slowest. A failure rejects only its own key. Loaded objects are returned without a promise.
 */
export class ObjectLoader<Item> {
  readonly #byId: DataLoader<string, Item | null | Promise<Item | null>>;
  readonly #results = new Map<string, Item | Promise<Item | null>>();
  readonly #savings: BatchSavings;

  /** `type` is `message`, `run`, … */
  constructor(type: string, read: ReadBatch<Item>, { savings, observeBatch }: ObjectLoaderOptions) {
    const observed: ReadBatch<Item> =
      observeBatch === undefined ? read : (ids) => observeBatch(type, ids.length, () => read(ids));
    this.#byId = new DataLoader(observed, { name: type, cache: false });
    this.#savings = savings;
  }

  load(id: string): Item | Promise<Item | null> {
    const known = this.#results.get(id);
    if (known !== undefined) {
      this.#savings.deduplicated += 1;
      return known;
    }
    // DataLoader resolves each key with the batch's result, and a promise there with its value.
    const result = this.#byId.load(id) as Promise<Item | null>;
    this.#results.set(id, result);
    return result;
  }

  /** The result of reading one id by itself; null if it does not exist. */
  single(id: string, reading: Promise<Item>): Promise<Item | null> {
    const requested = this.#results.get(id);
    return reading.then((item) => {
      // A write may have put a newer object in the meantime.
      if (this.#results.get(id) === requested) this.#results.set(id, item);
      return item;
    }, nullOrThrow);
  }

  /** Keeps an object that a list held, unless the id has been requested or written already. */
  keep(id: string, item: Item): void {
    if (!this.#results.has(id)) this.#results.set(id, item);
  }

  /** Sets the object of an id; null if it is known not to exist. */
  put(id: string, item: Item | null): void {
    this.#results.set(id, item ?? Promise.resolve(null));
  }
}

/** Resolves to null if the object does not exist. */
export const nullIfMissing = <Item>(reading: Promise<Item>): Promise<Item | null> => reading.catch(nullOrThrow);

const nullOrThrow = (error: unknown): null => {
  if (isMissing(error)) return null;
  throw error;
};

/** One key for two ids, unambiguous for any characters. */
export const compositeKey = (outer: string, inner: string): string => `${outer.length}/${outer}/${inner}`;
