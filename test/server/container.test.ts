import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'assistants-container-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = promisify(execFile);

const LISTENING = /:(\d+)\/graphql\n/;

/** The instructions of the Dockerfile, continued lines joined. */
const instructions = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .map((line) => /^([A-Z]+) (.*)$/.exec(line))
  .flatMap((found) => (found === null ? [] : { name: found[1] ?? '', rest: found[2] ?? '' }));

const named = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);

/** What `.dockerignore` lets into the build. */
const context = readFileSync(join(root, '.dockerignore'), 'utf8')
  .split('\n')
  .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));

/** Carries out the instructions in folders: `/app` and `/data` of each stage are folders of its own. */
const build = async () => {
  const stages: string[] = [];
  for (const { name, rest } of instructions) {
    const stage = join(folder, `stage-${stages.length}`);
    if (name === 'FROM') {
      const made = join(folder, `stage-${stages.length + 1}`);
      stages.push(made);
      mkdirSync(join(made, 'app'), { recursive: true });
    }
    if (name === 'COPY') {
      const fromBuild = rest.startsWith('--from=build ');
      const paths = rest.replace('--from=build ', '').split(' ');
      const target = paths.pop() ?? '';
      for (const path of paths) {
        if (!fromBuild) expect(context).toContain(path);
        const source = fromBuild ? join(stages[0] ?? '', path) : join(root, path);
        const into = target.endsWith('./') ? join(target, path.replace('/app/', '')) : target;
        cpSync(source, join(stage, 'app', into), { recursive: true });
      }
    }
    // Owners cannot be changed without being root.
    if (name === 'RUN' && !rest.includes('chown')) {
      await run('sh', ['-c', rest], {
        cwd: join(stage, 'app'),
        env: { ...process.env, npm_config_prefer_offline: 'true' },
      });
    }
  }
  return join(folder, `stage-${stages.length}`, 'app');
};

test('what the Dockerfile builds runs from its last stage alone, passes its health check, and stops on SIGTERM', async () => {
  const app = await build();
  const mcpServers = join(folder, 'mcp.json');
  writeFileSync(mcpServers, '{"mcpServers":{"docs":{"url":"http://127.0.0.1:9/mcp"}}}');
  const variables = Object.fromEntries(named('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('='))));
  const env = {
    PATH: process.env['PATH'],
    ...variables,
    PORT: '0',
    DATA_PATH: join(folder, 'assistants.db'),
    ACCESS: 'server', // an open server that listens on all interfaces does not start
    ACCESS_TOKENS: '{"app":"0123456789abcdef"}',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', // starts only if its packages are there
    TOOL_MCP: 'search=docs/search', // the same
    TOOL_MCP_SERVERS_FILE: mcpServers,
  };
  const [command = '', ...args] = JSON.parse(named('CMD').at(-1) ?? '');
  const server = spawn(command, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  let written = '';
  server.stdout.setEncoding('utf8').on('data', (text) => (written += text));
  await vi.waitFor(() => expect(written).toMatch(LISTENING), { timeout: 20_000 });
  const PORT = LISTENING.exec(written)?.[1] ?? '';

  const [check = '', ...checkArgs] = JSON.parse(named('HEALTHCHECK')[0]?.replace(/^.* CMD /, '') ?? '');
  const healthy = (port: string) => run(check, checkArgs, { env: { ...env, PORT: port } });
  await expect(healthy(PORT)).resolves.toBeDefined();
  await expect(healthy('1')).rejects.toMatchObject({ code: 1 });

  server.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
}, 180_000);

test('the image has the optional packages in the versions that are tested', () => {
  const { peerDependencies }: { peerDependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const installed = named('RUN').find((line) => line.includes('--prefix optional')) ?? '';
  const wanted = Object.entries(peerDependencies).map(([name, version]) => `${name}@${version}`);
  expect(installed.split(' ').filter((word) => word.startsWith('@'))).toEqual(wanted);
});

test('the image runs as a user that is not root, keeps its data in a volume, and has no shell between Docker and Node', () => {
  expect(named('USER')).toEqual(['node']);
  expect(named('VOLUME')).toEqual(['/data']);
  // The default of DATA_PATH is in ./data. A setting in the image would exclude DATABASE_URL.
  expect(named('RUN').at(-1)).toMatch(/ln -s \/data data$/);
  expect(named('CMD').at(-1)).toBe('["node", "dist/server.js"]');
});
