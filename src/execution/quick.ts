import { NULL } from './bytes.ts';
import type { Out } from './out.ts';

/**
 * Writes a value by nothing but itself: it knows no place in the answer, no context, and nothing that is late. False for what
 * needs a closer look; what it has written by then is to be taken back. It may throw, which means the same.
 */
export type Quick = (value: unknown, out: Out) => boolean;

/** What of a place matters for values that are there. */
export interface QuickPlace {
  readonly nullable: boolean;
  /** For values that are not null. */
  readonly quick: Quick;
}

/** A field that can be written by its object alone. */
export interface QuickField extends QuickPlace {
  /** What stands before its value. */
  readonly before: Uint8Array;
  /** The member of the object that it shows; else `valueOf` tells its value. */
  readonly member: string | undefined;
  readonly valueOf: (object: unknown) => unknown;
}

/** For values that always need a closer look. */
export const never: Quick = () => false;

/** Writes strings. */
export const string: Quick = (value, out) => {
  if (typeof value !== 'string') return false;
  out.string(value);
  return true;
};

/** Whether a value was written; else nothing is. */
export const wrote = ({ quick, nullable }: QuickPlace, value: unknown, out: Out): boolean => {
  if (value == null) {
    if (nullable) out.bytes(NULL);
    return nullable;
  }
  const start = out.mark();
  try {
    if (quick(value, out)) return true;
  } catch {
    // The closer look will meet it again, and tells of it.
  }
  out.rewind(start);
  return false;
};

const [OPEN_LIST, COMMA, CLOSE_LIST, CLOSE_OBJECT] = [0x5b, 0x2c, 0x5d, 0x7d];

export const quickList =
  ({ quick, nullable }: QuickPlace): Quick =>
  (value, out) => {
    if (!Array.isArray(value)) return false;
    let before = OPEN_LIST;
    for (const one of value) {
      out.byte(before);
      if (!quick(one, out)) {
        if (one != null || !nullable) return false;
        out.bytes(NULL);
      }
      before = COMMA;
    }
    if (before === OPEN_LIST) out.byte(OPEN_LIST);
    out.byte(CLOSE_LIST);
    return true;
  };

/** For objects with these fields; undefined stands for one that cannot be written by its object alone. */
export const quickObject = (all: readonly (QuickField | undefined)[]): Quick => {
  const fields = all.filter((field) => field !== undefined);
  if (fields.length === 0 || fields.length < all.length) return never;
  return (object, out) => {
    if (!isSource(object)) return false;
    for (const { before, member, valueOf, quick, nullable } of fields) {
      out.bytes(before);
      const value = member === undefined ? valueOf(object) : object[member];
      // Most are strings: a call less for each of them can be measured.
      if (quick === string && typeof value === 'string') {
        out.string(value);
      } else if (!quick(value, out)) {
        if (value != null || !nullable) return false;
        out.bytes(NULL);
      }
    }
    out.byte(CLOSE_OBJECT);
    return true;
  };
};

/** As JSON has them: neither an error nor a promise is. */
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** In some places of the API a bare string stands for an object that has nothing but a type. */
const isSource = (value: unknown): value is Record<string, unknown> => typeof value === 'string' || isPlain(value);
