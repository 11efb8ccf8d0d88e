import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import { responsesModel } from '../../src/engine/models/responses/model.ts';
import { outcomeOf, requestFor, tools, written } from './asking.ts';
import { brokenOff, events, type Play, startRawServer, streamed, whole } from './rawServer.ts';

const key = 'sk-proj-Zq3vX9"Lm2+Tr8/yWb';
const header = 'azure-5f0c9e7b1d';
const parameter = 'query value 81727';

const forms = [
  key,
  encodeURIComponent(key),
  JSON.stringify(key).slice(1, -1),
  header,
  parameter,
  encodeURIComponent(parameter),
];
const text = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

/** Everything that comes out of a model for a request. */
const outputOf = async (play: Play, open = chatCompletionsModel) => {
  const lines: string[] = [];
  const { url } = await startRawServer(play);
  const model = open({
    baseUrl: url,
    apiKey: key,
    headers: { 'api-key': header },
    query: { secret: parameter, 'api-version': '2024-10-21' },
    maxRetries: 1,
    log: (line) => lines.push(line),
  });
  const outcome = await outcomeOf(model, requestFor('Hi', { tools: tools('look') }));
  const { error } = outcome;
  const listing = await model.listModels(new AbortController().signal).catch((failure: unknown) => failure);
  const shown = [
    outcome.deltas,
    written(outcome.deltas),
    error,
    error instanceof Error ? error.stack : '',
    lines,
    listing,
  ];
  return { ...outcome, shown: shown.map((value) => inspect(value, { depth: 10, maxStringLength: null })).join('\n') };
};

test.each<[string, (secret: string) => Play]>([
  ['a message', (secret) => whole({ error: { message: `Bad key ${secret}!` } }, { status: 400 })],
  ['a code', (secret) => whole({ error: { code: secret } }, { status: 400 })],
  [
    'the body of 503',
    (secret) => whole(`You sent: Bearer ${secret}`, { status: 503, headers: { 'retry-after-ms': '1' } }),
  ],
  [
    'a parameter that it does not know',
    (secret) => whole({ error: { message: `stream_options is unknown, ${secret}` } }, { status: 400 }),
  ],
  [
    'a web page',
    (secret) => whole(`<title>${secret}</title>${secret}`, { status: 502, headers: { 'retry-after-ms': '1' } }),
  ],
  ['a header', (secret) => whole('No.', { status: 400, headers: { 'x-echo': encodeURIComponent(secret) } })],
  ['an error in a stream', (secret) => streamed(events(text('Hi'), { error: { message: `key ${secret}` } }))],
  ['a line that is no JSON', (secret) => streamed(`data: ${secret}\n\n`)],
  ['text', (secret) => streamed(events(text(`Your key is ${secret}.`), end))],
  ['text in single characters', (secret) => streamed(events(...`It is ${secret}.`.split('').map(text), end))],
  ['text that breaks off', (secret) => brokenOff(events(...`It is ${secret}`.split('').map(text)))],
  [
    'the name of a function',
    (secret) =>
      streamed(
        events(
          { choices: [{ index: 0, delta: { tool_calls: [{ function: { name: secret, arguments: secret } }] } }] },
          { ...end },
        ),
      ),
  ],
  ['the list of models', (secret) => whole({ data: secret })],
])('an endpoint that echoes a secret in %s gets none of it into any output', async (_where, playOf) => {
  for (const secret of [key, header, parameter]) {
    const { shown } = await outputOf(playOf(secret));
    for (const form of forms) expect(shown).not.toContain(form);
  }
});

test('a part of the key, as some errors quote it, is not shown', async () => {
  const { error } = await outputOf(
    whole({ error: { message: `Wrong key ${key.slice(0, 10)}******${key.slice(-4)}.` } }, { status: 400 }),
  );
  expect(String(error)).toBe(
    'ModelError: The model endpoint rejected the request (status 400); it said: Wrong key [redacted]',
  );
});

test('the words of headers, parameters and placeholder keys that are no credentials are left in what a model writes', async () => {
  const said = 'I am an openai Assistant on ollama; the Weather is good.';
  const { url } = await startRawServer(streamed(events(text(said), end)));
  const model = chatCompletionsModel({
    baseUrl: url,
    apiKey: 'ollama',
    headers: {
      'X-Title': 'My Weather Assistant',
      'x-portkey-provider': 'openai',
      'HTTP-Referer': 'https://Weather.example/Assistant-2',
    },
    query: { region: 'openai' },
  });
  const { deltas } = await outcomeOf(model, requestFor('Hi'));
  expect(written(deltas)).toMatchObject({ text: said });
});

test('a secret that is escaped in the arguments of a call is not shown, however they are divided', async () => {
  const escaped = Array.from(key, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(
    '',
  );
  const sent = `{"key":"${escaped}","path":"C:\\\\u0041","line":"a\\nb\\u00e9"}`;
  for (const size of [1, 4, 7, sent.length]) {
    const pieces = sent.match(new RegExp(`.{1,${size}}`, 'gs')) ?? [];
    const calls = pieces.map((piece, at) => ({
      index: 0,
      function: { ...(at === 0 && { name: 'look' }), arguments: piece },
    }));
    const { deltas, shown } = await outputOf(
      streamed(events(...calls.map((call) => ({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })), end)),
    );
    expect(JSON.parse(written(deltas).calls[0]?.arguments ?? '')).toEqual({
      key: '[redacted]',
      path: String.raw`C:\u0041`,
      line: 'a\nb\u00e9',
    });
    expect(shown).not.toContain(key);
  }
});

test('text around a secret stays as it is', async () => {
  const pieces = ['The key sk-proj-Zq3', 'vX9"Lm2+Tr8/yWb is', ' not sk-pro', 'm, but s', 'k'];
  const { deltas } = await outputOf(streamed(events(...pieces.map(text), end)));
  expect(written(deltas)).toMatchObject({ text: 'The key [redacted] is not sk-prom, but sk', finish: ['stop'] });
});

test('Responses shows no secret either', async () => {
  const item = { type: 'function_call', name: 'look', arguments: '', call_id: 'c' };
  const play = streamed(
    events(
      { type: 'response.output_text.delta', output_index: 0, delta: `key ${key.slice(0, 9)}` },
      { type: 'response.output_text.delta', output_index: 0, delta: key.slice(9) },
      { type: 'response.output_item.added', output_index: 1, item },
      ...key.split('').map((delta) => ({ type: 'response.function_call_arguments.delta', output_index: 1, delta })),
      { type: 'error', message: `failed with ${key}`, code: 'server_error' },
    ),
  );
  const { shown, deltas } = await outputOf(play, responsesModel);
  for (const form of forms) expect(shown).not.toContain(form);
  expect(written(deltas)).toMatchObject({ text: 'key [redacted]', calls: [{ name: 'look', arguments: '[redacted]' }] });
});
