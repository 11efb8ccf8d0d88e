import type { ServerResponse } from 'node:http';
import { raw, reply } from '../support/upstream.ts';

const headers = { 'content-type': 'text/event-stream; charset=utf-8' };

/** One server-sent event, as the API writes it. */
export const frame = (event: string, data: unknown, id?: number) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

export const DONE = 'event: done\ndata: [DONE]\n\n';

/** An answer that streams these frames, and ends. */
export const streamOf = (...frames: string[]) => reply({ headers, body: frames.join('') });

/** Something that happens once, and can be waited for. */
const moment = () => {
  let note: (() => void) | undefined;
  const come = new Promise<void>((resolve) => {
    note = resolve;
  });
  return { come, note: () => note?.() };
};

/** An answer that streams these frames, and stays open until whoever reads it has left. */
export const openStream = (...frames: string[]) => {
  const left = moment();
  const answer = raw((response: ServerResponse) => {
    response.once('close', left.note);
    response.writeHead(200, headers).write(frames.join(''));
  });
  return { answer, left: left.come };
};

/** No answer at all, until whoever waits for it has left. */
export const silence = () => {
  const [asked, left] = [moment(), moment()];
  const answer = raw((response: ServerResponse) => {
    response.once('close', left.note);
    asked.note();
  });
  return { answer, asked: asked.come, left: left.come };
};

export const run = (status: string, more: object = {}) => ({
  id: 'run_1',
  object: 'thread.run',
  thread_id: 'thread_1',
  assistant_id: 'asst_1',
  status,
  ...more,
});

export const textDelta = (value: string) =>
  frame('thread.message.delta', {
    id: 'msg_1',
    object: 'thread.message.delta',
    delta: { content: [{ index: 0, type: 'text', text: { value, annotations: [] } }] },
  });
