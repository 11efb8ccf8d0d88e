import type { ServerResponse } from 'node:http';
import { raw, reply } from '../support/upstream.ts';

const headers = { 'content-type': 'text/event-stream; charset=utf-8' };

/** One server-sent event in the format of the API. */
export const frame = (event: string, data: unknown, id?: number) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

export const DONE = 'event: done\ndata: [DONE]\n\n';

/** A response that streams these frames and ends. */
export const streamOf = (...frames: string[]) => reply({ headers, body: frames.join('') });

/** Something that happens once and can be awaited. */
const moment = () => {
  let note: (() => void) | undefined;
  const come = new Promise<void>((resolve) => {
    note = resolve;
  });
  return { come, note: () => note?.() };
};

/** A response that streams these frames and stays open until its reader disconnects. */
export const openStream = (...frames: string[]) => {
  const left = moment();
  const response = raw((stream: ServerResponse) => {
    stream.once('close', left.note);
    stream.writeHead(200, headers).write(frames.join(''));
  });
  return { response, left: left.come };
};

/** No response until the client disconnects. */
export const silence = () => {
  const [asked, left] = [moment(), moment()];
  const response = raw((stream: ServerResponse) => {
    stream.once('close', left.note);
    asked.note();
  });
  return { response, asked: asked.come, left: left.come };
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
