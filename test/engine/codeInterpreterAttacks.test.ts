import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Attack,
  attacksOnFiles,
  attacksOnNetwork,
  attacksOnProcesses,
  attacksOnResources,
  attacksThatEndIt,
  systemCalls,
  type Targets,
} from './attacks.ts';
import { startInterpreter } from './interpreter.ts';

const secret = 'the secret of the machine';
const folder = mkdtempSync(join(tmpdir(), 'attacked-'));
const abstractSocket = `attacked-${process.pid}`;
const targets: Targets = { port: 0, filePath: join(folder, 'secret'), abstractSocket };

type Interpreter = Awaited<ReturnType<typeof startInterpreter>>;

/** Time is not what stops its code, even on a busy machine. */
let patient: Interpreter;
let brief: Interpreter;
let connections = 0;
const servers: Server[] = [];

const listen = (where: { port: number; host: string } | { path: string }) =>
  new Promise<Server>((resolve) => {
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    servers.push(server);
    server.listen(where, () => resolve(server));
  });

const tcp = await listen({ port: 0, host: '127.0.0.1' });
targets.port = (tcp.address() as AddressInfo).port;

beforeAll(async () => {
  writeFileSync(targets.filePath, secret);
  process.env['ATTACKED_SECRET'] = secret;
  await listen({ path: `\0${abstractSocket}` });
  patient = await startInterpreter();
  brief = await startInterpreter({ callMs: 2000 });
});

afterAll(async () => {
  delete process.env['ATTACKED_SECRET'];
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([patient.engine.close(), brief.engine.close()]);
});

/** Runs the attack, which must not succeed. Returns the run and what its output shows. */
const attacked = async (interpreter: Interpreter, { code }: Attack) => {
  const { logs, run } = await interpreter.run(code);
  expect(logs).not.toMatch(/ESCAPED/u);
  expect(logs).not.toContain(secret);
  expect(connections).toBe(0);
  return { run, logs };
};

const titled = (attacks: Attack[]) => attacks.map((attack) => [attack.title, attack] as const);

describe('code is stopped at', () => {
  const harmless = [...attacksOnFiles(targets), ...attacksOnNetwork(targets), ...attacksOnProcesses, ...systemCalls];
  test.each(titled(harmless))('%s', async (_, attack) => {
    expect((await attacked(patient, attack)).logs).toMatch(attack.stopped);
  });

  test.each(titled(attacksOnResources))('%s, and the next code of the thread runs', async (_, attack) => {
    const { run, logs } = await attacked(patient, attack);
    expect(logs).toMatch(attack.stopped);
    expect((await patient.run('1 + 1', { after: run })).logs).toBe('2\n');
  });
});

test.each(titled(attacksThatEndIt))(
  '%s ends the code, says so, and the next code of the thread runs',
  async (_, attack) => {
    const { run, logs } = await attacked(brief, attack);
    expect(logs).toMatch(attack.stopped);
    expect((await brief.run('1 + 1', { after: run })).logs).toBe('2\n');
  },
);
