/** Characters of a segment of a path that may be a key. Names of resources are shorter. */
const shortestKey = 16;

/** The parts of a URL that may be keys: the values of its parameters, and the long segments of its path. */
export const urlSecrets = (url: string): string[] => {
  const { pathname, searchParams } = new URL(url);
  return [...searchParams.values(), ...pathname.split('/').filter(({ length }) => length >= shortestKey)];
};

/** As `urlSecrets`, and the whole path, which is often all that identifies a caller of a webhook. */
export const webhookUrlSecrets = (url: string): string[] => {
  const { pathname, search } = new URL(url);
  return [...new Set([pathname + search, pathname, ...urlSecrets(url)])].filter((part) => part !== '/');
};
