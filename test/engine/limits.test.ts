import { expect, test } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import type { ChatMessage } from '../../src/engine/models/model.ts';
import { functionTool, scriptedModel, startClient, textOf } from './client.ts';

const answering = (text: string) =>
  scriptedModel(async function* () {
    yield { type: 'text', text };
  });

/** The prompt that the model got, with one text per message. */
const shown = (messages: ChatMessage[] = []) =>
  messages.map(({ content }) =>
    typeof content === 'string'
      ? content
      : content.map((part) => (part.type === 'text' ? part.text : part.type)).join(),
  );

test('a completion longer than max_completion_tokens is cut off and its run is incomplete', async () => {
  const client = await startClient();
  const created = await client.start(await client.assistant(), 'long '.repeat(300), { max_completion_tokens: 256 });
  const run = await client.until(created, 'incomplete');
  expect(run).toMatchObject({
    incomplete_details: { reason: 'max_completion_tokens' },
    usage: { completion_tokens: 256 },
    last_error: null,
    expires_at: null,
  });
  const message = (await client.messages(run.thread_id)).data.at(-1);
  expect(message).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_tokens' } });
  expect(textOf(message)).toHaveLength(256 * 4);
  expect((await client.steps(run)).data).toMatchObject([{ status: 'completed' }]);
});

test('a run does not wait for outputs of tool calls that were cut off', async () => {
  const client = await startClient();
  const text = `look {"at": "${'x'.repeat(2000)}"}`;
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const run = await client.until(await client.start(assistant, text, { max_completion_tokens: 256 }), 'incomplete');
  expect(run).toMatchObject({ required_action: null, incomplete_details: { reason: 'max_completion_tokens' } });
  expect((await client.steps(run)).data).toMatchObject([{ type: 'tool_calls', status: 'cancelled' }]);
});

test('max_completion_tokens is the limit of all turns of a run together', async () => {
  const script = scriptedModel(async function* ({ messages }) {
    if (messages.some(({ role }) => role === 'tool')) yield { type: 'text', text: 'done' };
    else yield { type: 'tool_call', index: 0, name: 'look' };
    yield { type: 'usage', promptTokens: 10, completionTokens: 200 };
  });
  const client = await startClient({ model: script.model });
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const created = await client.start(assistant, 'go', { max_completion_tokens: 256 });
  await client.submit(await client.until(created, 'requires_action'), 'seen');
  await client.until(created, 'completed');
  expect(script.requests.map(({ maxTokens }) => maxTokens)).toEqual([256, 56]);
});

test('a run whose prompt cannot be shortened to max_prompt_tokens is incomplete', async () => {
  const client = await startClient();
  const created = await client.start(await client.assistant(), 'long '.repeat(300), { max_prompt_tokens: 256 });
  const run = await client.until(created, 'incomplete');
  expect(run).toMatchObject({ incomplete_details: { reason: 'max_prompt_tokens' }, usage: { total_tokens: 0 } });
  expect((await client.steps(run)).data).toEqual([]);
});

test('the oldest messages are omitted until the prompt fits max_prompt_tokens', async () => {
  const script = answering('ok');
  const client = await startClient({ model: script.model });
  const { id } = await client.assistant({ instructions: 'Be brief.' });
  const thread = await client.thread('a'.repeat(400), 'b'.repeat(400), 'c'.repeat(400));
  const run = await client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: id, max_prompt_tokens: 256 });
  await client.until(run, 'completed');
  expect(shown(script.requests[0]?.messages)).toEqual(['Be brief.', 'b'.repeat(400), 'c'.repeat(400)]);
});

test('last_messages limits the messages in the prompt', async () => {
  const script = answering('ok');
  const client = await startClient({ model: script.model });
  const { id } = await client.assistant();
  const thread = await client.thread('one', 'two', 'three');
  const run = await client.post<RestRun>(`/threads/${thread.id}/runs`, {
    assistant_id: id,
    truncation_strategy: { type: 'last_messages', last_messages: 2 },
  });
  await client.until(run, 'completed');
  expect(shown(script.requests[0]?.messages)).toEqual(['two', 'three']);
});

test('the prompt of a long thread holds the newest messages that fit the context of the model', async () => {
  const script = answering('ok');
  const client = await startClient({ model: script.model });
  const { id } = await client.assistant();
  const texts = Array.from({ length: 150 }, (_, index) => `${index} ${'x'.repeat(400)}`);
  const thread = await client.thread(...texts);
  await client.until(await client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: id }), 'completed');
  const seen = shown(script.requests[0]?.messages);
  expect(seen.length).toBeLessThan(100);
  expect(seen).toEqual(texts.slice(-seen.length));
});

test('the prompt names images by URL and image files by id', async () => {
  const script = answering('ok');
  const client = await startClient({ model: script.model });
  const { id } = await client.assistant();
  const run = await client.post<RestRun>('/threads/runs', {
    assistant_id: id,
    thread: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
            { type: 'image_file', image_file: { file_id: 'file-1' } },
          ],
        },
      ],
    },
  });
  await client.until(run, 'completed');
  expect(script.requests[0]?.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', url: 'https://example.com/a.png', detail: 'low' },
        { type: 'text', text: '(an image, file file-1)' },
      ],
    },
  ]);
});

test('the model settings of a run are sent to the model', async () => {
  const script = answering('{}');
  const client = await startClient({ model: script.model });
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const run = await client.start(assistant, 'hello', {
    model: 'special',
    temperature: 0.1,
    top_p: 0.2,
    max_completion_tokens: 300,
    tool_choice: 'none',
    parallel_tool_calls: false,
    response_format: { type: 'json_object' },
  });
  await client.until(run, 'completed');
  expect(script.requests[0]).toMatchObject({
    model: 'special',
    temperature: 0.1,
    topP: 0.2,
    maxTokens: 300,
    toolChoice: 'none',
    parallelToolCalls: false,
    responseFormat: { type: 'json_object' },
  });
});
