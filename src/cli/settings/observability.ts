import { onOff } from './parsers.ts';
import { NotAllowed, setting } from './setting.ts';

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
  otlpEndpoint: setting({
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    unit: 'URL',
    fallback: '',
    description:
      'OpenTelemetry collector that traces are sent to, by OTLP over HTTP. If unset, there are none. Other variables of OpenTelemetry apply too: see docs/operations.md.',
    parse: (value) => {
      if (value === '') return undefined;
      if (URL.canParse(value) && /^https?:/.test(value)) return value;
      throw new NotAllowed('an http or https URL such as http://localhost:4318');
    },
  }),
  otlpHeaders: setting({
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    unit: 'name=value,…',
    fallback: '',
    description: 'Headers that are sent with traces, such as a key of the collector.',
    secret: true,
    parse: (value) => value.split(',').flatMap((pair) => pair.split('=').slice(1).join('=') || []),
  }),
};
