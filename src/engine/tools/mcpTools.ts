import { secretFormsOf, withoutSecrets } from '../models/endpoint/secrets.ts';
import { McpConnection } from './mcpConnection.ts';
import { McpCallError } from './mcpFailure.ts';
import { outputForModel } from './mcpOutput.ts';
import { loadMcpSdk } from './mcpSdk.ts';
import { type McpServer, type McpTool, secretsOfMcpServer } from './mcpServer.ts';
import type { ServerToolCall, ServerTools } from './serverTools.ts';

export interface McpToolsOptions {
  /** By name. */
  servers: ReadonlyMap<string, McpServer>;
  /** By the names of functions. Their servers must be among `servers`. */
  tools: ReadonlyMap<string, McpTool>;
  /** Of the handshake, and of each call. Default: 30,000. */
  timeoutMs?: number | undefined;
  /** How often a call is made again, if that can't run the tool twice. Default: 2. */
  maxRetries?: number | undefined;
  /** Milliseconds before the first retry at the most; each further one doubles it. Default: 500. */
  firstPauseMs?: number | undefined;
  /** Called with one-line notes for the operator, without secrets. */
  log?: ((line: string) => void) | undefined;
}

/** The arguments that the model wrote; undefined if they are no JSON object. Some models write nothing for a call without arguments. */
const argumentsIn = (written: string): Record<string, unknown> | undefined => {
  if (written.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(written);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
};

/** MCP has no keys for calls that are made again: servers that want to recognize them find the id here. */
const metaOf = ({ id, threadId, runId, assistantId }: ServerToolCall) => ({
  'assistants-graphql/tool_call_id': id,
  'assistants-graphql/thread_id': threadId,
  'assistants-graphql/run_id': runId,
  'assistants-graphql/assistant_id': assistantId,
});

/**
 * Functions that are run by tools of MCP servers. The servers are connected to at once, so that the log says what is wrong
 * with them. Rejects with `McpUnavailableError`.
 */
export const mcpTools = async (options: McpToolsOptions): Promise<ServerTools> => {
  const { servers, tools, timeoutMs = 30_000, maxRetries = 2, firstPauseMs = 500, log = () => undefined } = options;
  const sdk = await loadMcpSdk();
  const secrets = secretFormsOf([...servers.values()].flatMap(secretsOfMcpServer));
  const note = (line: string) => log(withoutSecrets(line, secrets));

  const connectionTo = (name: string, server: McpServer) => {
    const wanted = [...tools.values()].filter((each) => each.server === name).map(({ tool }) => tool);
    const onTools = (names: string[]) => {
      const lacking = wanted.filter((tool) => !names.includes(tool));
      if (lacking.length > 0)
        note(`the MCP server ${name} has no tool ${lacking.join(', ')}; it has ${names.join(', ')}`);
    };
    return new McpConnection(server, sdk, { timeoutMs, maxRetries, firstPauseMs, onTools });
  };
  const inUse = new Set([...tools.values()].map(({ server }) => server));
  const connections = new Map(
    [...servers].filter(([name]) => inUse.has(name)).map(([name, server]) => [name, connectionTo(name, server)]),
  );
  for (const [name, connection] of connections) {
    connection.open().catch((error: unknown) => note(`the MCP server ${name} cannot be used now: ${described(error)}`));
  }

  const result = async (tool: McpTool, call: ServerToolCall, signal: AbortSignal): Promise<string> => {
    const given = argumentsIn(call.arguments);
    if (given === undefined) throw new McpCallError({ message: 'its arguments are not a JSON object.' });
    const connection = connections.get(tool.server);
    if (connection === undefined) throw new Error(`there is no MCP server ${tool.server}`);
    return outputForModel(await connection.call({ tool: tool.tool, arguments: given, meta: metaOf(call) }, signal));
  };

  return {
    has: (name) => tools.has(name),
    call: async (call, signal) => {
      const tool = tools.get(call.name);
      if (tool === undefined) throw new Error(`the tool ${call.name} has no MCP server`);
      try {
        return withoutSecrets(await result(tool, call, signal), secrets);
      } catch (error) {
        if (!(error instanceof McpCallError)) throw error;
        note(`the tool ${tool.tool} of the MCP server ${tool.server} failed, call ${call.id}: ${described(error)}`);
        return withoutSecrets(`The tool failed: ${error.message}`, secrets);
      }
    },
    close: async () => {
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
};

const described = (error: unknown): string => {
  if (!(error instanceof McpCallError)) return String(error);
  const { message, detail = '' } = error.failure;
  return detail === '' ? message : `${message} (${detail})`;
};
