import { wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';
import { webhookSecret, webhookUrls } from './toolParsers.ts';

/** What the embedded engine sends when runs end or require action. */
export const runWebhookSettings = {
  runWebhooks: setting({
    name: 'RUN_WEBHOOKS',
    unit: 'URLs',
    fallback: '',
    description:
      'Webhooks that are called when a run of the embedded engine has ended or requires action, separated by commas. See docs/webhooks.md.',
    secret: true,
    parse: webhookUrls,
  }),
  runWebhookSecret: setting({
    name: 'RUN_WEBHOOK_SECRET',
    unit: 'key',
    fallback: '',
    description: 'Key that signs the requests to RUN_WEBHOOKS, as TOOL_WEBHOOK_SECRET does.',
    secret: true,
    parse: webhookSecret,
  }),
  runWebhookTimeoutMs: setting({
    name: 'RUN_WEBHOOK_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '10000',
    description: 'Time limit for one request to one of RUN_WEBHOOKS.',
    parse: wholeNumber(1, 600_000),
  }),
};
