import { urlSecrets } from './urlSecrets.ts';

/** An MCP server of the operator: a program that the engine starts, or a server with the streamable HTTP transport. */
export type McpServer =
  | {
      type: 'stdio';
      command: string;
      args: readonly string[];
      /** The whole environment of the program, apart from `PATH`. */
      env: Readonly<Record<string, string>>;
      cwd?: string | undefined;
    }
  | { type: 'http'; url: string; headers: Readonly<Record<string, string>> };

/** The tool that runs a function. */
export interface McpTool {
  /** The name of the server in the configuration. */
  server: string;
  /** As the server calls it. */
  tool: string;
}

const secretName = /KEY|TOKEN|SECRET|PASS|AUTH|CREDENTIAL/i;

/** The values that must not appear in any output, by unique names: headers, keys in URLs, and variables whose names say so. */
export const secretsOfMcpServer = (server: McpServer): Record<string, string> => {
  if (server.type === 'http') {
    const ofUrl = urlSecrets(server.url).map((value, index) => [`url ${index}`, value]);
    return { ...server.headers, ...Object.fromEntries(ofUrl) };
  }
  return Object.fromEntries(Object.entries(server.env).filter(([name]) => secretName.test(name)));
};
