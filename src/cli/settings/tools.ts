import { mcpServersFile, mcpToolNames } from './mcpParsers.ts';
import { wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';
import { toolWebhooks, webhookSecret } from './toolParsers.ts';

/** The function tools that the embedded engine runs itself. */
export const toolSettings = {
  toolWebhooks: setting({
    name: 'TOOL_WEBHOOKS',
    unit: 'URLs',
    fallback: '',
    description:
      'Webhooks that run function tools, by the names of the functions, such as get_weather=https://tools.example/weather. Calls of other functions wait for the outputs of clients. See docs/tools.md.',
    secret: true,
    parse: toolWebhooks,
  }),
  toolWebhookSecret: setting({
    name: 'TOOL_WEBHOOK_SECRET',
    unit: 'key',
    fallback: '',
    description:
      'Key that signs the requests to TOOL_WEBHOOKS as Standard Webhooks: `whsec_` and 24 to 64 bytes in base64.',
    secret: true,
    parse: webhookSecret,
  }),
  toolWebhookTimeoutMs: setting({
    name: 'TOOL_WEBHOOK_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '30000',
    description: 'Time limit for one request to a webhook of a tool.',
    parse: wholeNumber(1, 600_000),
  }),
  toolMcp: setting({
    name: 'TOOL_MCP',
    unit: 'names',
    fallback: '',
    description:
      'Tools of MCP servers that run function tools, by the names of the functions, such as search=docs/search_docs. See docs/tools.md.',
    parse: mcpToolNames,
  }),
  toolMcpServers: setting({
    name: 'TOOL_MCP_SERVERS_FILE',
    unit: 'path',
    fallback: '',
    description:
      'JSON file with the servers of TOOL_MCP, as MCP clients have it: {"mcpServers":{"docs":{"url":"https://…"}}}. It is read once, at the start.',
    parse: mcpServersFile,
  }),
  toolMcpTimeoutMs: setting({
    name: 'TOOL_MCP_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '30000',
    description: 'Time limit for one call of a tool of an MCP server, and for its start.',
    parse: wholeNumber(1, 300_000),
  }),
};
