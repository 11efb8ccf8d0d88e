import { onOff } from './parsers.ts';
import { setting } from './setting.ts';

/** What operators can see of a running server, in addition to its log. */
export const observabilitySettings = {
  metrics: setting({
    name: 'METRICS',
    unit: 'on or off',
    fallback: 'off',
    description:
      'Whether GET /metrics serves metrics for Prometheus. They name the operations of all clients, and clients can reach the port.',
    parse: onOff,
  }),
};
