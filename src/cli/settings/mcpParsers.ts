import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { McpServer, McpTool } from '../../engine/tools/mcpServer.ts';
import { pairsOf } from './modelParsers.ts';
import { headers, httpUrl } from './parsers.ts';
import { NotAllowed } from './setting.ts';

const isHttpUrl = (value: string) => httpUrl(value) !== undefined;

const isHeaders = (value: Record<string, string>) => {
  try {
    headers(JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
};

const program = z
  .strictObject({
    type: z.literal('stdio').optional(),
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    cwd: z.string().optional(),
  })
  .transform((each): McpServer => ({ ...each, type: 'stdio' }));

const httpServer = z
  .strictObject({
    type: z.enum(['http', 'streamable-http']).optional(),
    url: z.string().refine(isHttpUrl, 'must be an http or https URL without user name and password'),
    headers: z.record(z.string(), z.string()).refine(isHeaders, 'must be valid HTTP headers').default({}),
  })
  .transform((each): McpServer => ({ ...each, type: 'http' }));

/** The format that MCP clients share. Which of the two a server is follows from its members. */
const mcpFile = z.strictObject({
  mcpServers: z.record(
    z.string().regex(/^[\w-]{1,64}$/),
    z.unknown().transform((server, context) => {
      const form = typeof server === 'object' && server !== null && 'url' in server ? httpServer : program;
      const parsed = form.safeParse(server);
      if (parsed.success) return parsed.data;
      for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
      return z.NEVER;
    }),
  ),
});

const allowedFile =
  'the path of a JSON file such as {"mcpServers":{"docs":{"command":"node","args":["docs.js"]},"crm":{"url":"https://crm.example/mcp"}}}';

const jsonIn = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The message of a syntax error quotes the file, which may hold keys.
    const reason = error instanceof Error && !(error instanceof SyntaxError) ? error.message : 'it is no JSON';
    throw new NotAllowed(`${allowedFile} (${reason})`);
  }
};

/** The MCP servers in a file, by name; none if the path is empty. The file is read once, at the start. */
export const mcpServersFile = (path: string): ReadonlyMap<string, McpServer> => {
  if (path === '') return new Map();
  const parsed = mcpFile.safeParse(jsonIn(path));
  if (parsed.success) return new Map(Object.entries(parsed.data.mcpServers));
  const [issue] = parsed.error.issues;
  throw new NotAllowed(`${allowedFile} (${issue?.path.join('.')}: ${issue?.message})`);
};

/** Tools of MCP servers by the names of functions. */
export const mcpToolNames = (value: string): ReadonlyMap<string, McpTool> => {
  const allowed =
    'names of functions (letters, digits, _ -), each once, with a server and its tool, such as search=docs/search,find_user=crm/users.find';
  const pairs = [...pairsOf(value, allowed)].map(([name, bound]): [string, McpTool] => {
    const at = bound.indexOf('/');
    return [name, { server: bound.slice(0, Math.max(at, 0)), tool: bound.slice(at + 1) }];
  });
  const isValid = pairs.every(([name, { server, tool }]) => /^[\w-]{1,64}$/.test(name) && server !== '' && tool !== '');
  if (isValid) return new Map(pairs);
  throw new NotAllowed(allowed);
};
