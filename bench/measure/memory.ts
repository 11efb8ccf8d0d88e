import { Connection } from '../load/connection.ts';
import { built } from '../machine/build.ts';
import { startSubject, type RunningStub } from '../subjects/running.ts';
import { requestFor, type Subject } from '../subjects/subject.ts';

/** What requests under way keep in memory. */
export interface Memory {
  /** The most that was in use, garbage aside, above what is when nothing is under way: KiB for each request, by how many there were. */
  readonly kibPerRequest: Readonly<Record<string, number>>;
}

const counts = [16, 64];
const DELAY_MS = 200;
/** Between two looks at the heap. */
const LOOK_MS = 100;

/** Holds several requests for W1 in flight and looks at the heap meanwhile. */
export const memoryOf = async (subject: Subject, stub: RunningStub, pinned: boolean): Promise<Memory> => {
  const { url, child } = await startSubject(withProbe(subject), stub.url, pinned);
  const inUse = async () => Number(await child.ask('heap'));
  const kibPerRequest: Record<string, number> = {};
  // The first count comes twice: what is compiled and kept for good should not look like a request's.
  for (const count of [counts[0] ?? 1, ...counts]) {
    const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(url)));
    await stub.control.set({ delayMs: DELAY_MS });
    const atRest = await inUse();
    const replies = Promise.all(connections.map((one) => one.send(one.bytesOf(requestFor(subject, 'W1')))));
    let most = atRest;
    for (let isDone = false; !isDone; ) {
      most = Math.max(most, await inUse());
      isDone = await Promise.race([replies.then(() => true), soon()]);
    }
    for (const connection of connections) connection.close();
    kibPerRequest[count] = (most - atRest) / 1024 / count;
  }
  await child.stop();
  return { kibPerRequest };
};

const soon = () =>
  new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), LOOK_MS);
  });

const withProbe = (subject: Subject): Subject => ({
  ...subject,
  start: async (upstream) => {
    const start = await subject.start(upstream);
    const probe = await built('heapProbe', new URL('heapProbe.ts', import.meta.url));
    return { ...start, args: ['--expose-gc', '--import', probe, ...start.args] };
  },
});
