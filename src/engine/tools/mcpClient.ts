import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { McpSdk } from './mcpSdk.ts';
import type { McpServer } from './mcpServer.ts';

/** Bytes of one message of a program. */
const longestMessage = 16 * 1024 * 1024;
/** Characters that are kept of what a program wrote to standard error last. */
const keptErrorOutput = 500;
/** Milliseconds for the end of a session. */
const sessionEndMs = 1_000;
/** Pages of the list of tools that are read. */
const mostPages = 20;

/** A connection to an MCP server, after the handshake. */
export interface McpClient {
  readonly client: Client;
  /** By name; empty if the server lists none. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** What a program wrote to standard error last, in one line. */
  readonly errorOutput: () => string;
  /** Ends the session, or the program. */
  close(): Promise<void>;
}

/**
 * `PATH`, with which the program is found, and what is configured. The SDK adds other variables of this process unless
 * they are set; a child does not get those that are undefined.
 */
const environmentOf = (env: Readonly<Record<string, string>>, inherited: readonly string[]) => {
  const none = Object.fromEntries(inherited.map((name) => [name, undefined]));
  return { ...none, PATH: process.env['PATH'], ...env } as Record<string, string>;
};

const stdioTransport = (server: McpServer & { type: 'stdio' }, sdk: McpSdk) => {
  const { command, args, env, cwd } = server;
  return new sdk.StdioClientTransport({
    command,
    args: [...args],
    env: environmentOf(env, sdk.DEFAULT_INHERITED_ENV_VARS),
    ...(cwd !== undefined && { cwd }),
    stderr: 'pipe',
    maxBufferSize: longestMessage,
  });
};

/** Returns the latest standard error of a program. */
const errorOutputOf = (transport: StdioClientTransport) => {
  let kept = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    kept = (kept + chunk.toString('utf8')).slice(-keptErrorOutput);
  });
  return () => kept.replaceAll(/\s+/g, ' ').trim();
};

/** `timeout` is in milliseconds, for each request. */
type RequestLimits = Readonly<{ timeout: number; signal: AbortSignal }>;

const listTools = async (client: Client, limits: RequestLimits): Promise<Map<string, Tool>> => {
  const tools = new Map<string, Tool>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, limits);
    for (const tool of listed.tools) tools.set(tool.name, tool);
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
};

/**
 * Connects to a server and lists its tools; aborting the signal of `limits` ends that. `onClose` is called when the connection
 * has ended. Rejects as the SDK does.
 */
export const connectMcp = async (
  server: McpServer,
  sdk: McpSdk,
  limits: RequestLimits,
  onClose: () => void,
): Promise<McpClient> => {
  const client = new sdk.Client({ name: 'assistants-graphql', version: '1' });
  const stdio = server.type === 'stdio' ? stdioTransport(server, sdk) : undefined;
  const http =
    server.type === 'http'
      ? new sdk.StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers: { ...server.headers } } })
      : undefined;
  const errorOutput = stdio === undefined ? () => '' : errorOutputOf(stdio);
  const close = async () => {
    if (http?.sessionId !== undefined) {
      const late = new Promise((resolve) => {
        setTimeout(resolve, sessionEndMs).unref();
      });
      await Promise.race([http.terminateSession().catch(() => undefined), late]);
    }
    await client.close();
  };
  const onError = ({ message }: Error) => {
    // The stream of the session is lost: a response that was sent to it will not arrive.
    if (message.startsWith('Maximum reconnection attempts')) void client.close();
  };
  Object.assign(client, { onclose: onClose, onerror: onError });
  try {
    const transport = stdio ?? http;
    if (transport === undefined) throw new TypeError('no transport');
    await client.connect(transport, limits);
    return { client, tools: await listTools(client, limits), errorOutput, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), { errorOutput: errorOutput() });
  }
};
