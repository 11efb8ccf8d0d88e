import { credentialsAmong } from '../models/endpoint/secrets.ts';
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

/** The values that must not appear in any output: credentials in headers, keys in URLs, and variables whose names say so. */
export const secretsOfMcpServer = (server: McpServer): string[] =>
  server.type === 'http'
    ? [...credentialsAmong(server.headers), ...urlSecrets(server.url)]
    : Object.entries(server.env).flatMap(([name, value]) => (secretName.test(name) ? [value] : []));
