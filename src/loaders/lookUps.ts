import DataLoader from 'dataloader';
import { isMissing } from '../rest/errors/apiError.ts';
import type { Saved } from './economy.ts';

/** Where objects come from: one answer for each id that is asked for in one tick, in their order. */
export type ReadByIds<Item> = (ids: readonly string[]) => Promise<readonly (Item | null | Promise<Item | null>)[]>;

/**
 * Objects of one type by id, each asked for once: a DataLoader whose keys settle one by one, each as soon as its answer is
 * there, instead of all with the slowest. A failure settles only its own key. What has arrived is given without a promise.
 */
export class LookUps<Item> {
  readonly #byId: DataLoader<string, Item | null | Promise<Item | null>>;
  readonly #answers = new Map<string, Item | Promise<Item | null>>();
  readonly #saved: Saved;

  /** `type` is `message`, `run`, … */
  constructor(type: string, read: ReadByIds<Item>, saved: Saved) {
    this.#byId = new DataLoader(read, { name: type, cache: false });
    this.#saved = saved;
  }

  load(id: string): Item | Promise<Item | null> {
    const known = this.#answers.get(id);
    if (known !== undefined) {
      this.#saved.deduplicated += 1;
      return known;
    }
    // DataLoader resolves each key with what the batch answered, and so with what a promise there comes to.
    const answer = this.#byId.load(id) as Promise<Item | null>;
    this.#answers.set(id, answer);
    return answer;
  }

  /** What a read of the id alone comes to. */
  single(id: string, reading: Promise<Item>): Promise<Item | null> {
    const asked = this.#answers.get(id);
    return reading.then((item) => {
      // A write may have told of a newer one in the meantime.
      if (this.#answers.get(id) === asked) this.#answers.set(id, item);
      return item;
    }, nullWhereMissing);
  }

  /** What is known of the id from now on; null where it is known to be gone. */
  put(id: string, item: Item | null): void {
    this.#answers.set(id, item ?? Promise.resolve(null));
  }
}

/** What cannot be found is null. */
export const orNull = <Item>(reading: Promise<Item>): Promise<Item | null> => reading.catch(nullWhereMissing);

const nullWhereMissing = (error: unknown): null => {
  if (isMissing(error)) return null;
  throw error;
};

/** One string for several ids, whatever characters they are made of. */
export const joined = (outer: string, inner: string): string => `${outer.length}/${outer}/${inner}`;
