import { isMissing } from '../rest/errors/apiError.ts';

/**
 * Reads each key by itself, in the order asked. What does not exist is null, and a failure settles only its own key:
 * were the batch to reject, one bad id would take its healthy neighbours down with it.
 */
export const eachAlone = <Key, Item>(keys: readonly Key[], read: (key: Key) => Promise<Item>) =>
  Promise.all(
    keys.map(async (key): Promise<Item | Error | null> => {
      try {
        return await read(key);
      } catch (error) {
        if (isMissing(error)) return null;
        return error instanceof Error ? error : new Error(String(error));
      }
    }),
  );
