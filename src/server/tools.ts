import type { Config } from '../cli/config.ts';
import type { ServerTools } from '../engine/tools/serverTools.ts';
import { webhookTools } from '../engine/tools/webhookTools.ts';

/** The functions bound to TOOL_WEBHOOKS; undefined if there are none. `log` gets one-line notes, without secrets. */
export const configuredTools = (config: Config, log: (line: string) => void): ServerTools | undefined => {
  const { toolWebhooks: urls, toolWebhookSecret: secret, toolWebhookTimeoutMs: timeoutMs } = config;
  return urls.size === 0 || secret === undefined ? undefined : webhookTools({ urls, secret, timeoutMs, log });
};
