import { isDecodable } from './postgresUrl.ts';
import { NotAllowed, setting } from './setting.ts';

/** What several replicas share. */
export const sharingSettings = {
  redisUrl: setting({
    name: 'REDIS_URL',
    unit: 'URL',
    fallback: '',
    description:
      'Valkey or Redis server, such as redis://:password@valkey:6379, in which replicas share automatic persisted queries and the limits of model calls per minute. If unset, or while it cannot be reached, each replica has its own. See docs/scale.md.',
    secret: true,
    parse: (value) => {
      if (value === '') return undefined;
      // The client has one name for both.
      const url = value.replace(/^valkey(?=s?:)/, 'redis');
      const isServer = URL.canParse(url) && /^rediss?:\/\/[^/]/.test(url);
      if (isServer && isDecodable(new URL(url).password)) return url;
      throw new NotAllowed('a URL such as redis://valkey:6379, or rediss:// for TLS');
    },
  }),
};
