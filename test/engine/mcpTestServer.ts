import { appendFileSync, existsSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

/**
 * An MCP server of the tests, made with the official SDK. `log` gets a line for each call of some tools, and `crash` ends the
 * server as a crash does.
 */
export const testServer = (log: (line: string) => void, hasCrashed: () => boolean, crash: () => void): McpServer => {
  const server = new McpServer({ name: 'test', version: '1' });
  const readOnly = { annotations: { readOnlyHint: true } };
  server.registerTool('forecast', { ...readOnly, inputSchema: { city: z.string() } }, ({ city }) =>
    text(`It rains in ${city}.`),
  );
  server.registerTool('variables', {}, () => text(JSON.stringify(process.env)));
  server.registerTool('meta', {}, ({ _meta: meta }) => text(JSON.stringify(meta)));
  server.registerTool('fail', {}, () => ({ ...text('no such city'), isError: true }));
  server.registerTool('large', {}, () => text('x'.repeat(600_000)));
  server.registerTool('structured', { outputSchema: { degrees: z.number() } }, () => ({
    content: [],
    structuredContent: { degrees: 21 },
  }));
  server.registerTool('mixed', {}, () => ({
    content: [
      { type: 'text', text: 'one' },
      { type: 'image', mimeType: 'image/png', data: Buffer.alloc(12).toString('base64') },
      { type: 'resource', resource: { uri: 'note://1', mimeType: 'text/plain', text: 'two' } },
      { type: 'resource', resource: { uri: 'note://2', blob: Buffer.alloc(5).toString('base64') } },
      { type: 'resource_link', uri: 'file:///a.txt', name: 'a.txt' },
    ],
  }));
  server.registerTool(
    'slow',
    {},
    ({ signal }) =>
      new Promise((resolve) => {
        log('slow began');
        signal.addEventListener('abort', () => {
          log('slow was cancelled');
          resolve(text('late'));
        });
      }),
  );
  const crashing = (name: string) => () => {
    log(`${name} ran`);
    if (!hasCrashed()) {
      log('crashed');
      crash();
    }
    return text(`${name} is done`);
  };
  server.registerTool('lookUp', readOnly, crashing('lookUp'));
  server.registerTool('book', {}, crashing('book'));
  return server;
};

/** A log that other processes read, in a file. */
export const fileLog = (path: string) => ({
  log: (line: string) => appendFileSync(path, `${line}\n`),
  hasCrashed: () => existsSync(`${path}.crashed`),
});
