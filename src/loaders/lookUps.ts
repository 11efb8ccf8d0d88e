import DataLoader from 'dataloader';
import { isMissing } from '../rest/errors/apiError.ts';
import type { Saved } from './economy.ts';

/** Objects by key, each once: what is asked for in one tick is handed to `read` together. */
export interface LookUpsOptions<Key, Item> {
  /** `message`, `run`, … */
  type: string;
  /** Unlike that of any other key. */
  name: (key: Key) => string;
  /** One answer for each key, in their order. */
  read: (keys: readonly Key[]) => Promise<Item | null>[];
}

/**
 * A DataLoader whose keys settle one by one, each as soon as its answer is there, instead of all with the slowest. A
 * failure settles only its own key.
 */
export const lookUps = <Key, Item>({ type, name, read }: LookUpsOptions<Key, Item>, saved: Saved) => {
  const byKey = new DataLoader<Key, Item | null | Promise<Item | null>, string>(
    async (keys) => {
      saved.deduplicated -= keys.length;
      return read(keys);
    },
    { name: type, cacheKeyFn: name },
  );
  return {
    load(key: Key): Promise<Item | null> {
      saved.deduplicated += 1;
      // DataLoader resolves each key with what the batch answered, and so with what a promise there comes to.
      return byKey.load(key) as Promise<Item | null>;
    },
    /** What is known of the key from now on; null where it is known to be gone. */
    put: (key: Key, item: Item | null) => void byKey.clear(key).prime(key, item),
    forget: () => void byKey.clearAll(),
  };
};

/** What cannot be found is null. */
export const orNull = <Item>(reading: Promise<Item>): Promise<Item | null> =>
  reading.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });

/** One string for several ids, whatever characters they are made of. */
export const joined = (outer: string, inner: string): string => `${outer.length}/${outer}/${inner}`;
