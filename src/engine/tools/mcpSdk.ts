/** Thrown if MCP servers are configured and the package that calls them is not installed. The message is for an operator. */
export class McpUnavailableError extends Error {
  override readonly name = 'McpUnavailableError';
}

const missing =
  'TOOL_MCP is set, but the package that calls MCP servers is not installed. npm install @modelcontextprotocol/sdk installs it.';

/**
 * Loads the official SDK, which takes 0.3 s: it is loaded only if MCP servers are configured, and optional, since it has 29 MB.
 * Rejects with `McpUnavailableError`.
 */
export const loadMcpSdk = async () => {
  try {
    const [
      { Client },
      { DEFAULT_INHERITED_ENV_VARS, StdioClientTransport },
      { StreamableHTTPClientTransport, StreamableHTTPError },
      types,
    ] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/stdio.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
    const { ErrorCode, McpError } = types;
    return {
      Client,
      DEFAULT_INHERITED_ENV_VARS,
      StdioClientTransport,
      StreamableHTTPClientTransport,
      StreamableHTTPError,
      ErrorCode,
      McpError,
    };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new McpUnavailableError(missing);
  }
};

export type McpSdk = Awaited<ReturnType<typeof loadMcpSdk>>;
