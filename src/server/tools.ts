import type { Config } from '../cli/config.ts';
import { combinedTools } from '../engine/tools/combinedTools.ts';
import { mcpTools } from '../engine/tools/mcpTools.ts';
import type { ServerTools } from '../engine/tools/serverTools.ts';
import { webhookTools } from '../engine/tools/webhookTools.ts';

/**
 * The functions bound to TOOL_WEBHOOKS and TOOL_MCP. `log` gets one-line notes, without secrets.
 * Rejects with `McpUnavailableError`.
 */
export const configuredTools = async (config: Config, log: (line: string) => void): Promise<ServerTools> => {
  const { toolWebhooks: urls, toolWebhookSecret: secret, toolWebhookTimeoutMs: timeoutMs } = config;
  const { toolMcp: tools, toolMcpServers: servers, toolMcpTimeoutMs } = config;
  return combinedTools([
    ...(urls.size === 0 || secret === undefined ? [] : [webhookTools({ urls, secret, timeoutMs, log })]),
    ...(tools.size === 0 ? [] : [await mcpTools({ servers, tools, timeoutMs: toolMcpTimeoutMs, log })]),
  ]);
};
