import { secretsIn } from '../models/endpoint/secrets.ts';

/** What an error page may quote of the URLs. */
const urlParts = (urls: readonly string[]): string[] =>
  urls.flatMap((each) => {
    const { pathname, search, searchParams } = new URL(each);
    return [pathname + search, pathname, ...searchParams.values()];
  });

/** `signing`: the forms of the key that signs requests to webhooks. `all`: these, and what of the URLs may be a key. */
export const webhookSecrets = (urls: readonly string[], secret: string): { signing: string[]; all: string[] } => {
  const signing = secretsIn(undefined, { secret, key: secret.replace(/^whsec_/, '') }, {});
  return { signing, all: [...secretsIn(undefined, Object.fromEntries(urlParts(urls).entries()), {}), ...signing] };
};
