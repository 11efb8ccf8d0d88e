import { getIntrospectionQuery } from 'graphql';
import type { Target } from './attack.ts';

/** Fills a server, and has it do a few hundred ordinary things first: a cold server is slow at anything. */
export const prepareTarget = async (url: string): Promise<Target> => {
  const rest = async <Result>(path: string, body: object): Promise<Result> => {
    const response = await fetch(`${url}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'openai-beta': 'assistants=v2' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Result;
  };
  const threadWith = async (count: number, content: string) => {
    const { id } = await rest<{ id: string }>('/threads', {});
    for (let n = 0; n < count; n += 1) await rest(`/threads/${id}/messages`, { role: 'user', content });
    return id;
  };
  const assistant = await rest<{ id: string }>('/assistants', {
    model: 'm',
    tools: [{ type: 'function', function: { name: 'look_up' } }],
  });
  const run = await rest<{ id: string; thread_id: string }>('/threads/runs', {
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content: 'look_up {}' }] },
  });
  const threadId = await threadWith(100, 'hello');
  const target = {
    url,
    port: Number(new URL(url).port),
    threadId,
    largeThreadId: await threadWith(50, 'x'.repeat(240_000)),
    waiting: { threadId: run.thread_id, runId: run.id },
  };
  const ordinary = [
    `{ thread(threadId: "${threadId}") { id messages(first: 100) { nodes { id text role } } } }`,
    getIntrospectionQuery(),
    '{ assistants(first: 10) { nodes { id name } } }',
  ];
  for (let n = 0; n < 300; n += 1) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: ordinary[n % ordinary.length] }),
    });
    await response.text();
  }
  return target;
};
