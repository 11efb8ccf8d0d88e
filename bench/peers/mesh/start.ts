import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../machine/freePort.ts';
import type { Start } from '../../subjects/subject.ts';
import { openapiOf } from '../openapi.ts';

const here = new URL('.', import.meta.url);

/** Composes the supergraph in a temporary folder, as `mesh-compose` does, and says how to start Hive Gateway with it. */
export const startMesh = async (upstream: string): Promise<Start> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-mesh-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const document = join(folder, 'openapi.json');
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(document, JSON.stringify(openapiOf(upstream)));
  await promisify(execFile)(process.execPath, ['node_modules/.bin/mesh-compose', '--output', supergraph], {
    cwd: here,
    env: { PATH: process.env['PATH'], OPENAPI_DOCUMENT: document },
  });
  const port = await freePort();
  return {
    args: [
      'node_modules/.bin/hive-gateway',
      'supergraph',
      supergraph,
      '--config-path',
      'gateway.config.ts',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
    ],
    cwd: here,
    ready: /Listening on (http:\/\/[\d.:]+)/,
  };
};
