import { isDeepStrictEqual } from 'node:util';
import { expectedFacts, factsOf } from '../facts.ts';
import { Connection } from '../load/connection.ts';
import type { Running, RunningStub } from '../subjects/running.ts';
import type { Work } from '../works.ts';
import { wavesOf } from './waves.ts';

/** What one request costs upstream, and whether its answer is right. */
export interface Answer {
  readonly calls: number;
  readonly waves: number;
  /** Of the whole answer, head included. */
  readonly bytes: number;
  readonly correct: boolean;
  /** GraphQL errors in the answer. */
  readonly errors: number;
}

/** Long beside the time that any of the servers takes, so that waves show. */
const DELAY_MS = 300;

/** Asks once, after a first time that compiles and connects. */
export const answerOf = async ({ subject, url }: Running, stub: RunningStub, work: Work): Promise<Answer> => {
  const connection = await Connection.open(url);
  const request = connection.bytesOf(subject.requests[work]);
  await stub.control.set({ delayMs: 0 });
  await connection.send(request);
  await stub.control.set({ delayMs: DELAY_MS, log: true });
  const reply = await connection.send(request);
  connection.close();
  const { calls, log } = await stub.control.report();
  const { data, errors }: { data?: unknown; errors?: unknown[] } = JSON.parse(reply.body());
  return {
    calls,
    waves: wavesOf(log),
    bytes: reply.bytes,
    correct: isDeepStrictEqual(factsOf(work, data), expectedFacts(work)),
    errors: errors?.length ?? 0,
  };
};
