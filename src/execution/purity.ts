/** A resolver that was declared pure. */
export interface PureResolver {
  /** The member of the object that it returns; undefined if it returns something else. */
  readonly member: string | undefined;
  readonly valueOf: (object: never) => unknown;
}

const declared = new WeakMap<object, PureResolver>();

/**
 * Declares a resolver to be pure: it is synchronous and reads nothing but the object. The executor then calls it without
 * arguments, context and info. The declaration is for this very function: in a schema whose plugins wrap the resolver, the wrapper
 * is called like any other. Throws a TypeError for a function that is async, a generator or has further parameters.
 */
export const pure = <Source, Value>(
  valueOf: (object: Source) => Value extends PromiseLike<unknown> ? never : Value,
): ((object: Source) => Value) => {
  const kind = Object.prototype.toString.call(valueOf);
  if (kind !== '[object Function]') {
    throw new TypeError(`A pure resolver must be a plain synchronous function, and this is ${kind}.`);
  }
  if (valueOf.length > 1) {
    throw new TypeError(`A pure resolver has one parameter, its object, and this has ${valueOf.length}.`);
  }
  // Any executor that calls it passes more; a second parameter that has a default would get that.
  const resolve = (object: Source): Value => valueOf(object);
  declared.set(resolve, { member: undefined, valueOf });
  return resolve;
};

/** A pure resolver that returns a member of its object. */
export const member = (name: string) => {
  const resolve = (object: unknown): unknown => (object as Record<string, unknown>)[name];
  declared.set(resolve, { member: name, valueOf: resolve });
  return resolve;
};

/** What was declared of a resolver by `pure` or `member`; undefined for any other function. */
export const pureResolverOf = (resolve: object | undefined): PureResolver | undefined =>
  resolve && declared.get(resolve);
