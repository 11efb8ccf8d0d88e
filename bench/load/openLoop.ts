import { Agent, request as sendRequest } from 'node:http';
import type { WorkRequest } from '../request.ts';

export interface OpenLoad {
  /** The server, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly request: WorkRequest;
  /** Requests that are sent each second, whether or not earlier ones have a response. */
  readonly perSecond: number;
  readonly seconds: number;
}

/** What became of one request; the status is 0 if the connection was lost. */
export interface Outcome {
  readonly status: number;
  readonly ms: number;
}

/** How often requests are sent that are due. */
const TICK_MS = 5;

/** Sends requests at a constant rate, as many independent clients do; resolves once all have an outcome. */
export const openLoop = async ({ url, request, perSecond, seconds }: OpenLoad): Promise<Outcome[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 4096 });
  const outcomes: Promise<Outcome>[] = [];
  const started = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - started;
      const due = Math.floor((Math.min(elapsed, seconds * 1000) * perSecond) / 1000);
      while (outcomes.length < due) outcomes.push(outcomeOf(url, request, agent));
      if (elapsed < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  const all = await Promise.all(outcomes);
  agent.destroy();
  return all;
};

const outcomeOf = (url: string, { method, path, body = '' }: WorkRequest, agent: Agent) =>
  new Promise<Outcome>((resolve) => {
    const started = performance.now();
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sending = sendRequest(`${url}${path}`, { agent, method, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode ?? 0, ms: performance.now() - started }));
      response.once('error', () => resolve({ status: 0, ms: performance.now() - started }));
    });
    sending.once('error', () => resolve({ status: 0, ms: performance.now() - started }));
    sending.end(body);
  });
