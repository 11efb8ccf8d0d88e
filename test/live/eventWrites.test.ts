import { Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { DONE, frame, run, streamOf, textDelta } from './eventStream.ts';
import { resultsOf, subscription } from './subscription.ts';

const query = `subscription { createThreadAndRunStream(input: { assistantId: "asst_1", thread: {} }) {
  event ... on MessageDeltaStreamEvent { text } } }`;

test('events that arrive together are sent to an event stream by one write', async () => {
  const deltas = Array.from({ length: 50 }, (_, index) => textDelta(`token ${index}`));
  const events = [
    frame('thread.run.created', run('queued')),
    ...deltas,
    frame('thread.run.completed', run('completed')),
  ];
  const { url } = await startFacade({ 'POST /threads/runs': streamOf(...events, DONE) });
  const written = vi.spyOn(Socket.prototype, '_writev');
  onTestFinished(() => written.mockRestore());
  expect(await resultsOf(subscription('server-sent events', url, { query }))).toHaveLength(52);
  const ofEvents = written.mock.calls.filter(([chunks]) =>
    chunks.some(({ chunk }) => String(chunk).includes('event: next')),
  );
  expect(ofEvents.length).toBeGreaterThan(0);
  expect(ofEvents.length).toBeLessThanOrEqual(3);
});
