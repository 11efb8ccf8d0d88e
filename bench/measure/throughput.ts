import { closedLoop } from '../load/closedLoop.ts';
import { cpuMs } from '../machine/usage.ts';
import type { WorkRequest } from '../request.ts';
import { CONNECTIONS, LEAD_IN_MS } from '../settings.ts';
import type { Running, RunningStub } from '../subjects/running.ts';
import { requestFor } from '../subjects/subject.ts';
import type { Work } from '../works.ts';

/** What a server does when it is kept busy. */
export interface Throughput {
  readonly requestsPerSecond: number;
  /** Milliseconds of the processor, per request. */
  readonly cpuMs: number;
  /** New connections to the upstream, per thousand requests. */
  readonly connections: number;
}

export const throughputOf = async (
  { subject, url, child }: Running,
  stub: RunningStub,
  work: Work | WorkRequest,
  ms: number,
): Promise<Throughput> => {
  const request = typeof work === 'string' ? requestFor(subject, work) : work;
  await stub.control.set({ delayMs: 0 });
  await closedLoop({ url, request, connections: CONNECTIONS, ms: LEAD_IN_MS });
  // Resets what the stub has counted.
  await stub.control.set({ delayMs: 0 });
  const cpuBefore = cpuMs(child.pid);
  const done = await closedLoop({ url, request, connections: CONNECTIONS, ms });
  const cpu = cpuMs(child.pid) - cpuBefore;
  const { connections } = await stub.control.report();
  return {
    requestsPerSecond: (done.requests * 1000) / done.ms,
    cpuMs: cpu / done.requests,
    connections: (connections * 1000) / done.requests,
  };
};
