import { writeFileSync } from 'node:fs';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { fileLog, testServer } from './mcpTestServer.ts';

/** The server of the tests as a program. LOG is the path of its log; a crash leaves a file there, and happens once. */
const path = process.env['LOG'] ?? '';
const { log, hasCrashed } = fileLog(path);
log(`began ${process.pid}`);
process.stderr.write(`the key is ${process.env['API_KEY']}\n`);
const server = testServer(log, hasCrashed, () => {
  writeFileSync(`${path}.crashed`, '');
  process.exit(1);
});
await server.connect(new StdioServerTransport());
