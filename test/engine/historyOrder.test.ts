import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { ChatMessage } from '../../src/engine/models/model.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { clientOf, functionTool, scriptedModel, startClient } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { openEngine, openTwoEngines } from './openEngine.ts';
import { changeStored } from './storedData.ts';

type Client = ReturnType<typeof clientOf>;

/** So many that runs and messages of the same second are among them. */
const rounds = 6;

/** The questions and outputs of a prompt, in order. */
const shownIn = (messages: readonly ChatMessage[]) =>
  messages.flatMap((message) => {
    if (message.role === 'tool') return [message.content];
    return message.role === 'user' ? message.content.map((part) => (part.type === 'text' ? part.text : '')) : [];
  });

/** Of a run with the instructions `n`: the model calls a tool, and fails once it has the output `seen n`. */
const lookingModel = () =>
  scriptedModel(async function* ({ messages }) {
    const [system] = messages;
    const name = system?.role === 'system' ? system.content : '';
    if (messages.at(-1)?.content !== `seen ${name}`) yield { type: 'tool_call', index: 0, name: 'look' };
    else throw new Error('nothing to say');
  });

/** Runs the thread of `path`, which fails after its outputs and writes no message. */
const runSilently = async (client: Client, path: string, name: string, body: object) => {
  const run = await client.post<RestRun>(`${path}/runs`, { ...body, instructions: name });
  await client.submit(await client.until(run, 'requires_action'), `seen ${name}`);
  await client.until(run, 'failed');
};

test('the outputs of a run without a message stay between the messages before it and those after it', async () => {
  const { model, requests } = lookingModel();
  const [client, other] = (await openTwoEngines({ model })).map(clientOf);
  if (client === undefined || other === undefined) throw new Error('no engine');
  const { id: assistant_id } = await client.assistant({ tools: [functionTool('look')] });
  const path = `/threads/${(await client.thread()).id}`;
  const expected: string[] = [];
  const checked = async (via: Client, name: string, body: object, ...questions: string[]) => {
    expected.push(...questions);
    requests.length = 0;
    await runSilently(via, path, name, { ...body, assistant_id });
    expect(shownIn(requests[0]?.messages ?? [])).toEqual(expected);
    expected.push(`seen ${name}`);
  };
  for (let round = 1; round <= rounds; round += 1) {
    const [posted, added, newer] = [`posted ${round}`, `added ${round}`, `newer ${round}`];
    await client.post(`${path}/messages`, { role: 'user', content: posted });
    await checked(other, `${round} a`, { additional_messages: [{ role: 'user', content: added }] }, posted, added);
    await checked(client, `${round} b`, {});
    await other.post(`${path}/messages`, { role: 'user', content: newer });
    await checked(client, `${round} c`, {}, newer);
  }
});

test('the outputs of a run without a message keep their place if the message before them is deleted', async () => {
  const { model, requests } = lookingModel();
  const client = await startClient({ model });
  const { id: assistant_id } = await client.assistant({ tools: [functionTool('look')] });
  const path = `/threads/${(await client.thread('one')).id}`;
  const { id } = await client.post<RestMessage>(`${path}/messages`, { role: 'user', content: 'two' });
  await runSilently(client, path, '1', { assistant_id });
  await client.post(`${path}/messages`, { role: 'user', content: 'three' });
  await client.remove(`${path}/messages/${id}`);
  requests.length = 0;
  await runSilently(client, path, '2', { assistant_id });
  expect(shownIn(requests[0]?.messages ?? [])).toEqual(['one', 'seen 1', 'three']);
});

test('the outputs of a run that an earlier version created are placed by its time', async () => {
  const dataPath = newDataPath();
  const { model, requests } = lookingModel();
  const before = await openEngine({ dataPath, model });
  const earlier = clientOf(before);
  const { id: assistant_id } = await earlier.assistant({ tools: [functionTool('look')] });
  const path = `/threads/${(await earlier.thread('one')).id}`;
  await runSilently(earlier, path, '1', { assistant_id });
  await sleep(1000 - (Date.now() % 1000)); // Its time is in seconds.
  await earlier.post(`${path}/messages`, { role: 'user', content: 'two' });
  await before.close();
  await changeStored(dataPath, 'update runs set after_message = null');
  const after = await openEngine({ dataPath, model });
  onTestFinished(() => after.close());
  requests.length = 0;
  await runSilently(clientOf(after), path, '2', { assistant_id });
  expect(shownIn(requests[0]?.messages ?? [])).toEqual(['one', 'seen 1', 'two']);
});
