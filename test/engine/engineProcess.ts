import { type Engine, openEngine } from '../../src/engine/engine.ts';

// A process with an engine that prints each acknowledged object on a line of stdout, until it is killed.
// Arguments: the data file, and what to do: `hold` the file, or `write` to it.

const [dataPath = '', task = 'hold'] = process.argv.slice(2);

const say = (line: string) => process.stdout.write(`${line}\n`);

const post = async (engine: Engine, path: string, body: object): Promise<{ id: string; thread_id: string }> => {
  const headers = { 'openai-beta': 'assistants=v2' };
  const request = new Request(`http://engine.test/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await (await engine.fetch(request)).json()) as { id: string; thread_id: string };
};

/** Endless messages on one thread. */
const writeMessages = async (engine: Engine) => {
  const { id } = await post(engine, '/threads', {});
  say(`/threads/${id}`);
  for (;;) {
    const message = await post(engine, `/threads/${id}/messages`, { role: 'user', content: 'hello' });
    say(`/threads/${id}/messages/${message.id}`);
  }
};

/** Endless runs: some complete at once, some are slow, some call a function. */
const startRuns = async (engine: Engine) => {
  const tools = [{ type: 'function', function: { name: 'look' } }];
  const assistant = await post(engine, '/assistants', { model: 'm', tools });
  say(`/assistants/${assistant.id}`);
  for (let count = 0; ; count += 1) {
    const content = ['hello', 'take 0.5 seconds for these many words, one by one', 'please look'][count % 3];
    const thread = { messages: [{ role: 'user', content }] };
    const run = await post(engine, '/threads/runs', { assistant_id: assistant.id, thread });
    say(`/threads/${run.thread_id}/runs/${run.id}`);
  }
};

const engine = await openEngine({ dataPath });
say('open');
if (task === 'write') await Promise.all([writeMessages(engine), writeMessages(engine), startRuns(engine)]);
setInterval(() => undefined, 60_000);
