import { hosts, origins, secretWord } from './parsers.ts';
import { setting } from './setting.ts';

/** Who may send requests. */
export const accessSettings = {
  allowedOrigins: setting({
    name: 'ALLOWED_ORIGINS',
    unit: 'origins',
    fallback: '',
    description:
      'Additional browser origins that may send requests, separated by commas. Pages of this server and of this machine always may. * allows any.',
    parse: origins,
  }),
  allowedHosts: setting({
    name: 'ALLOWED_HOSTS',
    unit: 'host names',
    fallback: '',
    description:
      'Accepted `Host` headers, separated by commas, for example behind a proxy. If unset, none but local names while HOST is this machine only, and any otherwise. * accepts any.',
    parse: hosts,
  }),
  routerSecret: setting({
    name: 'ROUTER_SECRET',
    unit: 'secret',
    fallback: '',
    description:
      'If set, /graphql accepts only requests that carry it as `Router-Authorization`. It does not apply to /v1.',
    secret: true,
    parse: secretWord,
  }),
};
