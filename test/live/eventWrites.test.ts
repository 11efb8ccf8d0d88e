import { Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { DONE, frame, run, streamOf, textDelta } from './eventStream.ts';
import { resultsOf, subscription } from './subscription.ts';

const query = `subscription { createThreadAndRunStream(input: { assistantId: "asst_1", thread: {} }) {
  event ... on MessageDeltaStreamEvent { text } } }`;

/** How many of the writes to sockets from now on contain events of the graph. */
const countEventWrites = () => {
  const counted = { writes: 0 };
  const { _writev: writev } = Socket.prototype;
  const spy = vi.spyOn(Socket.prototype, '_writev').mockImplementation(function (this: Socket, chunks, callback) {
    if (chunks.some(({ chunk }) => String(chunk).includes('event: next'))) counted.writes += 1;
    return writev?.call(this, chunks, callback);
  });
  onTestFinished(() => spy.mockRestore());
  return counted;
};

test('events that arrive together are sent to an event stream by one write', async () => {
  const deltas = Array.from({ length: 50 }, (_, index) => textDelta(`token ${index}`));
  const events = [
    frame('thread.run.created', run('queued')),
    ...deltas,
    frame('thread.run.completed', run('completed')),
  ];
  const { url } = await startFacade({ 'POST /threads/runs': streamOf(...events, DONE) });
  const counted = countEventWrites();
  expect(await resultsOf(subscription('server-sent events', url, { query }))).toHaveLength(52);
  expect(counted.writes).toBeGreaterThan(0);
  expect(counted.writes).toBeLessThanOrEqual(3);
});
