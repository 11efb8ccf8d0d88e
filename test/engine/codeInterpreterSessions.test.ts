import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startBubblewrap } from '../../src/engine/codeInterpreter/sandbox/bubblewrap.ts';
import { openBubblewrap } from '../../src/engine/codeInterpreter/sandbox/openBubblewrap.ts';
import { SandboxRunner } from '../../src/engine/codeInterpreter/sandbox/sandboxRunner.ts';
import { problemOf } from '../../src/engine/codeInterpreter/sandbox/selfTest.ts';
import { harness } from '../../src/engine/codeInterpreter/sandbox/harness.ts';
import { offRunner } from '../../src/engine/codeInterpreter/offRunner.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import { startServer } from '../support/server.ts';
import { scriptedModel, startClient, textOf } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import {
  bytesPerMb,
  codeBlock,
  codeInterpreter,
  openSandboxes,
  sandboxLimits,
  startInterpreter,
} from './interpreter.ts';

const start = async (options: Parameters<typeof startInterpreter>[0] = {}) => {
  const interpreter = await startInterpreter(options);
  onTestFinished(() => interpreter.engine.close());
  return interpreter;
};

/** Ids of the processes below one, with the names of their programs. */
const processesOf = (pid: number): { pid: number; name: string }[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children
    .filter((child) => child !== '')
    .flatMap((child) => {
      try {
        const name = readFileSync(`/proc/${child}/comm`, 'utf8').trim();
        return [{ pid: Number(child), name }, ...processesOf(Number(child))];
      } catch {
        return []; // It has ended.
      }
    });
};

const sandboxesOf = (pid: number) => processesOf(pid).filter(({ name }) => name === 'python3');
const isThere = (pid: number) => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

/** A runner whose first sandbox is starting. */
const idleRunner = async () => {
  const options = { name: 'bubblewrap', limits: sandboxLimits, idleMs: 60_000, maxSessions: 1, start: startBubblewrap };
  const runner = new SandboxRunner(options);
  void runner.warmUp().catch(() => undefined);
  await sleep(0);
  return runner;
};

test('a thread that was idle for long loses its variables and keeps its files', async () => {
  const { run } = await start({ idleMs: 1000 });
  // Names its process, so that it is told from the one that is kept ready.
  const name = 'import ctypes\nprint(ctypes.CDLL(None).prctl(15, b"idle session", 0, 0, 0))';
  const first = await run(`${name}\nx = 1\nopen('/mnt/data/n.txt', 'w').write('kept')`);
  expect(first.logs).toBe('0\n4\n');
  await expect
    .poll(() => processesOf(process.pid).map((each) => each.name), { timeout: 20_000 })
    .not.toContain('idle session');
  const { logs } = await run(`print('x' in globals(), open('/mnt/data/n.txt').read())`, { after: first.run });
  expect(logs).toBe('False kept\n');
});

test('of more threads than sandboxes, the one that was idle for longest loses its variables', async () => {
  const { run } = await start({ maxSessions: 2 });
  const [one, two] = [await run('x = 1'), await run('x = 2')];
  await run('x', { after: one.run });
  await run('x = 3');
  expect((await run('x', { after: one.run })).logs).toBe('1\n');
  expect((await run('x', { after: two.run })).logs).toContain('NameError');
});

test('runs of more threads than sandboxes all complete', async () => {
  const { run } = await start({ maxSessions: 1 });
  const all = await Promise.all(['1', '2', '3'].map((code) => run(code)));
  expect(all.map(({ logs }) => logs)).toEqual(['1\n', '2\n', '3\n']);
});

test('of two calls of one turn, the first of which ends the interpreter, both have outputs', async () => {
  const codes = ['import os\nos._exit(0)', '1 + 1'];
  let turns = 0;
  const { model } = scriptedModel(async function* () {
    turns += 1;
    await sleep(0);
    if (turns > 1) return;
    for (const [index, code] of codes.entries()) {
      yield { type: 'tool_call', index, name: 'code_interpreter' };
      yield { type: 'arguments', index, arguments: JSON.stringify({ code }) };
    }
  });
  const client = await startClient({ model, codeRunner: await openSandboxes() });
  const assistant = await client.assistant({ tools: [codeInterpreter] });
  const done = await client.until(await client.start(assistant, 'x'), 'completed', 'failed');
  expect((await client.steps(done)).data[0]?.step_details).toMatchObject({
    tool_calls: [
      { code_interpreter: { outputs: [{ logs: '[The code ended the interpreter.]' }] } },
      { code_interpreter: { outputs: [{ logs: '2\n' }] } },
    ],
  });
});

test('a thread that code leaves running stands still between calls', async () => {
  const { run } = await start();
  const first = await run(`import threading, time
count = 0
def work():
    global count
    while True:
        count += 1
        time.sleep(0.001)
threading.Thread(target=work, daemon=True).start()
time.sleep(0.1)
count`);
  await sleep(1000);
  const { logs } = await run('count', { after: first.run });
  expect(Number(logs) - Number(first.logs)).toBeLessThan(500);
});

test('cancelling a run ends its code and its process', async () => {
  const { client, assistant } = await start();
  const run = await client.start(assistant, codeBlock('while True: pass'));
  await expect.poll(() => sandboxesOf(process.pid).length).toBe(2);
  await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  await client.until(run, 'cancelled');
  await expect.poll(() => sandboxesOf(process.pid).length).toBe(1);
});

test('an engine that is closed leaves no process', async () => {
  const { engine, run } = await startInterpreter();
  await run('import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()');
  const before = processesOf(process.pid);
  expect(before.filter(({ name }) => name === 'bwrap').length).toBeGreaterThan(0);
  await engine.close();
  await expect.poll(() => before.filter(({ pid }) => isThere(pid) && pid !== process.pid)).toEqual([]);
});

test('a runner that is closed while its sandboxes start leaves no process', async () => {
  const seen: number[] = [];
  for (let milliseconds = 0; milliseconds < 60; milliseconds += 3) {
    const runner = await idleRunner();
    await sleep(milliseconds);
    seen.push(...processesOf(process.pid).map(({ pid }) => pid));
    await runner.close();
  }
  expect(seen.length).toBeGreaterThan(0);
  await expect.poll(() => seen.filter(isThere)).toEqual([]);
});

test('after kill -9 of the server its sandboxes are gone, and the code that ran is run again', {
  timeout: 60_000,
}, async () => {
  const env = { DATA_PATH: newDataPath(), CODE_INTERPRETER: 'bubblewrap' };
  const first = await startServer(env);
  expect(first.output()).toMatch(/Code interpreter +bubblewrap\n/u);
  const post = async <Result>(path: string, body: object) =>
    (await (await first.rest(path, { method: 'POST', body: JSON.stringify(body) })).json()) as Result;
  const assistant = await post<{ id: string }>('/assistants', { model: 'm', tools: [codeInterpreter] });
  const code = `import ctypes, time\nctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\ntime.sleep(3)\nprint('run to its end')`;
  const thread = { messages: [{ role: 'user', content: codeBlock(code) }] };
  const run = await post<RestRun>('/threads/runs', { assistant_id: assistant.id, thread });
  await expect.poll(() => sandboxesOf(first.pid ?? 0).length, { timeout: 10_000 }).toBe(2);
  const before = processesOf(first.pid ?? 0);
  await first.kill9();
  await expect.poll(() => before.filter(({ pid }) => isThere(pid))).toEqual([]);

  const second = await startServer(env);
  const path = `/threads/${run.thread_id}/runs/${run.id}`;
  await expect
    .poll(async () => ((await (await second.rest(path)).json()) as RestRun).status, { timeout: 20_000 })
    .toBe('completed');
  const { data } = (await (await second.rest(`${path}/steps?order=asc`)).json()) as RestPage<RestRunStep>;
  expect(data).toMatchObject([
    {
      status: 'completed',
      step_details: { tool_calls: [{ code_interpreter: { outputs: [{ type: 'logs', logs: 'run to its end\n' }] } }] },
    },
    { type: 'message_creation', status: 'completed' },
  ]);
  await second.stop();
});

test('a runner that cannot be used says so in the output of the call, and the run is completed', async () => {
  const client = await startClient({ codeRunner: offRunner('bubblewrap', 'code could reach the network.') });
  const assistant = await client.assistant({ tools: [codeInterpreter] });
  const done = await client.until(await client.start(assistant, codeBlock('1')), 'completed');
  expect(textOf((await client.messages(done.thread_id)).data.at(-1))).toContain(
    'The code interpreter is off: code could reach the network.',
  );
  expect(client.engine.capabilities['codeInterpreter']).toBe(false);
});

/** Runs code without a sandbox. */
const unsandboxed = (callMs: number) =>
  new SandboxRunner({
    name: 'no sandbox',
    limits: { ...sandboxLimits, callMs },
    idleMs: 60_000,
    maxSessions: 1,
    // As an ordinary user: the attempts must do no harm where they succeed.
    start: () =>
      spawn('/usr/bin/python3', ['-I', '-c', harness, '1000', '10'], {
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
        cwd: '/',
        ...(process.getuid?.() === 0 && { uid: 64_999, gid: 64_999 }),
      }),
  });

test('if the sandbox that is kept ready cannot be started after the self-test, the tool is off and says why', async () => {
  let runners = 0;
  const runner = await openBubblewrap({
    limits: sandboxLimits,
    idleMs: 60_000,
    maxSessions: 1,
    start: (limits, number) => {
      if (number === 1) runners += 1;
      // The self-test has two runners of its own.
      if (runners > 2) throw new Error('no more processes are allowed');
      return startBubblewrap(limits, number);
    },
  });
  onTestFinished(() => runner.close());
  expect(runner.problem).toBe('it cannot be started: no more processes are allowed');
  const client = await startClient({ codeRunner: runner });
  expect(client.engine.codeInterpreter).toBe(runner.problem);
  const assistant = await client.assistant({ tools: [codeInterpreter] });
  const done = await client.until(await client.start(assistant, codeBlock('1')), 'completed');
  expect(textOf((await client.messages(done.thread_id)).data.at(-1))).toContain(`is off: ${runner.problem}`);
});

test('the self-test names what an interpreter without a sandbox can reach', async () => {
  const tested = { runner: unsandboxed(5000), brief: unsandboxed(200) };
  const problem = await problemOf(tested, { ...sandboxLimits, memory: 64 * bytesPerMb, disk: 4 * bytesPerMb });
  await Promise.all([tested.runner.close(), tested.brief.close()]);
  expect(problem).toMatch(/^code could reach what it must not: the network,/u);
  for (const name of [
    'files of this machine',
    'files of the system',
    'information on processes',
    'environment variables',
    'the user of the server',
    'processes',
    'memory beyond the limit',
    'files beyond the limit',
  ]) {
    expect(problem).toContain(name);
  }
});

test('a sandbox that cannot be started fails the call with the reason, not the run', async () => {
  const runner = new SandboxRunner({
    name: 'broken',
    limits: sandboxLimits,
    idleMs: 1000,
    maxSessions: 1,
    start: () =>
      spawn('/bin/sh', ['-c', 'echo no namespaces here >&2; exit 1'], {
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      }),
  });
  const client = await startClient({ codeRunner: runner });
  const assistant = await client.assistant({ tools: [codeInterpreter] });
  const done = await client.until(await client.start(assistant, codeBlock('1')), 'completed');
  expect(textOf((await client.messages(done.thread_id)).data.at(-1))).toContain(
    'The code could not be run: no namespaces here',
  );
});

test('a session whose first call ended before its code was run is new for the next call', async () => {
  const runner = await openSandboxes();
  onTestFinished(() => runner.close());
  const asked: boolean[] = [];
  const run = (signal: AbortSignal, fails = false) =>
    runner.run(
      {
        sessionId: 'a',
        code: '1',
        files: (isNewSession) => {
          asked.push(isNewSession);
          return fails ? Promise.reject(new Error('not now')) : Promise.resolve([]);
        },
      },
      signal,
    );
  const { signal } = new AbortController();
  await expect(run(signal, true)).rejects.toThrow('not now');
  const cancelled = new AbortController();
  const first = run(cancelled.signal);
  cancelled.abort(new Error('cancelled'));
  await expect(first).rejects.toThrow('cancelled');
  expect((await run(signal)).isNewSession).toBe(true);
  expect((await run(signal)).isNewSession).toBe(false);
  expect(asked).toEqual([true, true, true, false]);
});

test('a file that cannot be read fails the call with its error, which no output contains, and ends the session', async () => {
  const runner = await openSandboxes();
  onTestFinished(() => runner.close());
  const broken = {
    id: 'file-1',
    name: 'a.csv',
    bytes: 3,
    read: async function* () {
      yield await Promise.resolve(Buffer.from('1'));
      throw new Error('ENOENT: /path/of/the/server');
    },
  };
  const run = (files: (typeof broken)[]) =>
    runner.run({ sessionId: 'a', code: '1', files: () => Promise.resolve(files) }, new AbortController().signal);
  await expect(run([broken])).rejects.toThrow('ENOENT: /path/of/the/server');
  expect(await run([])).toMatchObject({ logs: '1\n', notes: [], isNewSession: true });
});

test('a sandbox has no variable of the environment of its server', async () => {
  process.env['SECRET_OF_THE_SERVER'] = 'secret';
  onTestFinished(() => {
    delete process.env['SECRET_OF_THE_SERVER'];
  });
  const runner = await openSandboxes();
  onTestFinished(() => runner.close());
  const request = { sessionId: 'a', code: 'import os\nsorted(os.environ)', files: () => Promise.resolve([]) };
  const { logs } = await runner.run(request, new AbortController().signal);
  expect(logs).toBe("['HOME', 'LANG', 'MPLBACKEND', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PWD']\n");
});
