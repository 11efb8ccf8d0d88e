import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { DONE, frame, run, streamOf, textDelta } from './eventStream.ts';

const query = `subscription { createThreadAndRunStream(input: { assistantId: "asst_1", thread: {} }) {
  event ... on MessageDeltaStreamEvent { text } } }`;

/** The pieces of a chunked response, each of which is one write of the server. */
const chunksOf = (url: string, body: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const head = ['POST /graphql HTTP/1.1', 'host: x', 'accept: text/event-stream', 'content-type: application/json'];
    const request = [...head, `content-length: ${Buffer.byteLength(body)}`, 'connection: close', '', body];
    let received = '';
    connect(Number(port), hostname)
      .setEncoding('latin1')
      .on('data', (text) => {
        received += text;
      })
      .on('error', reject)
      .on('close', () =>
        resolve(
          received
            .slice(received.indexOf('\r\n\r\n') + 4)
            .split(/(?:^|\r\n)[0-9a-f]+\r\n/)
            .slice(1),
        ),
      )
      .write(request.join('\r\n'));
  });

test('events that arrive together are sent to an event stream by one write', async () => {
  const deltas = Array.from({ length: 50 }, (_, index) => textDelta(`token ${index}`));
  const events = [
    frame('thread.run.created', run('queued')),
    ...deltas,
    frame('thread.run.completed', run('completed')),
  ];
  const { url } = await startFacade({ 'POST /threads/runs': streamOf(...events, DONE) });
  const chunks = await chunksOf(url, JSON.stringify({ query }));
  const sent = chunks.join('');
  expect(sent.match(/^event: next$/gmu)).toHaveLength(52);
  expect(sent.trimEnd()).toMatch(/"thread\.run\.completed".*\n\nevent: complete\ndata:$/u);
  // The first comment, the events, the end of the stream, and the empty chunk.
  expect(chunks.length).toBeLessThanOrEqual(4);
});
