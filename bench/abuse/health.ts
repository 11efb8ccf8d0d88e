import { Agent, get } from 'node:http';

/** A process of its own that asks a server for /health all the time. Replies to each message with the longest wait since the last, in ms. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const url = process.argv[2] ?? '';
const PAUSE_MS = 5;

let longestMs = 0;
/** When the request under way was sent. */
let sentAt: number | undefined;

const look = () => {
  if (sentAt !== undefined) longestMs = Math.max(longestMs, performance.now() - sentAt);
};

const poll = () => {
  sentAt = performance.now();
  const again = () => {
    look();
    sentAt = undefined;
    setTimeout(poll, PAUSE_MS);
  };
  get(`${url}/health`, { agent }, (response) => response.resume().once('end', again)).once('error', again);
};
poll();

process.on('message', () => {
  look();
  process.send?.(longestMs);
  longestMs = 0;
});
process.stdout.write('polling\n');
