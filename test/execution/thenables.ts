const nameOf = (name: string) => name;

const withThen = (descriptor: PropertyDescriptor): object => Object.defineProperty({}, nameOf('then'), descriptor);

/** An object whose `then` is this function. */
export const thenable = (then: (fulfil: (value: unknown) => void, reject: (error: unknown) => void) => unknown) =>
  withThen({ value: then });

/** An object that throws when its `then` is read. */
export const unreadable = () =>
  withThen({
    get: () => {
      throw new Error('no then');
    },
  });
