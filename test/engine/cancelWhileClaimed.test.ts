import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { functionTool, scriptedModel, startClient } from './client.ts';

/** Calls a function first, if the assistant has one; any other call ends only once it is aborted. */
const silentModel = () =>
  scriptedModel(async function* ({ messages, tools, signal }) {
    if (tools.length > 0 && messages.at(-1)?.role === 'user') {
      yield { type: 'tool_call', index: 0, name: 'look_up' };
      yield { type: 'arguments', index: 0, arguments: '{}' };
    } else if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }).model;

test.each(['created', 'continued'])(
  'a run that is cancelled just after it was %s ends, whatever the worker is doing then',
  { timeout: 60_000 },
  async (kind) => {
    const client = await startClient({ model: silentModel() });
    const assistant = await client.assistant({ tools: kind === 'continued' ? [functionTool('look_up')] : [] });
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const run = await client.start(assistant, 'hello');
      if (kind === 'continued') await client.submit(await client.until(run, 'requires_action'), 'found');
      for (let turn = 0; turn < attempt % 10; turn += 1) await setImmediate();
      await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
      expect(await client.until(run, 'cancelled')).toMatchObject({ completed_at: null });
    }
  },
);
