import { openBubblewrap } from '../../src/engine/codeInterpreter/sandbox/openBubblewrap.ts';
import { openEngine } from './openEngine.ts';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestCodeInterpreterCall } from '../../src/wire/runStep.ts';
import { clientOf } from './client.ts';

export const codeInterpreter = { type: 'code_interpreter' };

/** A message that makes the offline model run the code. */
export const codeBlock = (code: string) => `Please run\n\`\`\`python\n${code}\n\`\`\``;

export const bytesPerMb = 1024 * 1024;

export const sandboxLimits = { callMs: 30_000, memory: 1024 * bytesPerMb, disk: 96 * bytesPerMb };

/** A runner with real sandboxes. On a machine that has none, this says what to install. */
export const openSandboxes = async (options: { callMs?: number; idleMs?: number; maxSessions?: number } = {}) => {
  const { callMs = sandboxLimits.callMs, idleMs = 60_000, maxSessions = 4 } = options;
  const runner = await openBubblewrap({ limits: { ...sandboxLimits, callMs }, idleMs, maxSessions });
  if (runner.problem === undefined) return runner;
  throw new Error(
    `This test needs bubblewrap (apt-get install bubblewrap python3 python3-matplotlib): ${runner.problem}`,
  );
};

/** An engine with real sandboxes, whose offline model runs what `run` sends. */
export const startInterpreter = async (options: Parameters<typeof openSandboxes>[0] = {}) => {
  const engine = await openEngine({ dataPath: ':memory:', codeRunner: await openSandboxes(options) });
  const client = clientOf(engine);
  const assistant = await client.assistant({ tools: [codeInterpreter] });

  const callsOf = async (run: RestRun): Promise<RestCodeInterpreterCall[]> =>
    (await client.steps(run)).data.flatMap(({ step_details: details }) =>
      details.type === 'tool_calls'
        ? details.tool_calls.filter((call): call is RestCodeInterpreterCall => call.type === 'code_interpreter')
        : [],
    );

  /** Runs code on a new thread, or on that of `after`. The run must be completed, whatever the code does. */
  const run = async (code: string, { after, by = assistant }: { after?: RestRun; by?: RestAssistant } = {}) => {
    const start = async () => {
      if (after === undefined) return client.start(by, codeBlock(code));
      const content = codeBlock(code);
      await client.post(`/threads/${after.thread_id}/messages`, { role: 'user', content });
      return client.post<RestRun>(`/threads/${after.thread_id}/runs`, { assistant_id: by.id });
    };
    const done = await client.until(await start(), 'completed', 'failed', 'incomplete', 'expired');
    if (done.status !== 'completed') throw new Error(`the run is ${done.status}: ${JSON.stringify(done.last_error)}`);
    const outputs = (await callsOf(done)).flatMap(({ code_interpreter: { outputs: all } }) => all);
    const logs = outputs.map((output) => (output.type === 'logs' ? output.logs : '')).join('');
    const images = outputs.flatMap((output) => (output.type === 'image' ? [output.image.file_id] : []));
    const message = (await client.messages(done.thread_id, 'order=desc&limit=1')).data[0];
    return { run: done, logs, images, message };
  };

  return { engine, client, assistant, run };
};
