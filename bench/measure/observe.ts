import { isDeepStrictEqual } from 'node:util';
import { expectedFacts, factsOf } from '../facts.ts';
import { Connection } from '../load/connection.ts';
import type { Running, RunningStub } from '../subjects/running.ts';
import { requestFor } from '../subjects/subject.ts';
import { basicWorks, type Work } from '../works.ts';
import { roundTripsOf } from './roundTrips.ts';

/** What one request costs upstream, and whether its response is right. */
export interface Observed {
  readonly calls: number;
  readonly roundTrips: number;
  /** Of the whole response, head included. */
  readonly bytes: number;
  readonly correct: boolean;
  /** GraphQL errors in the response. */
  readonly errors: number;
}

/** Long next to the time that any of the servers takes, so that round trips show. */
const DELAY_MS = 300;

/**
 * Sends one request, after a first one that compiles and connects. `oracleJson` is what the program by hand responds with: of the
 * works that only it and this server do, both must send the same JSON, byte by byte.
 */
export const observe = async (
  { subject, url }: Running,
  stub: RunningStub,
  work: Work,
  oracleJson: string | undefined,
): Promise<{ observed: Observed; json: string }> => {
  const request = requestFor(subject, work);
  const connection = await Connection.open(url);
  const bytes = connection.bytesOf(request);
  await stub.control.set({ delayMs: 0 });
  await connection.send(bytes);
  await stub.control.set({ delayMs: DELAY_MS, log: true });
  const reply = await connection.send(bytes);
  connection.close();
  const { calls, log } = await stub.control.report();
  const json = request.accept !== 'text/event-stream' ? reply.body() : nextEventIn(reply.body());
  const { data, errors }: { data?: unknown; errors?: unknown[] } = JSON.parse(json);
  const basic = basicWorks.find((one) => one === work);
  const observed = {
    calls,
    roundTrips: roundTripsOf(log),
    bytes: reply.bytes,
    correct:
      basic === undefined
        ? json === (oracleJson ?? json)
        : isDeepStrictEqual(factsOf(basic, data), expectedFacts(basic)),
    errors: errors?.length ?? 0,
  };
  return { observed, json };
};

/** The result that an event stream carries, as graphql-sse has it. */
const nextEventIn = (stream: string) => /event: next\ndata: (.*)\n\n/.exec(stream)?.[1] ?? 'null';
