import type { WorkRequest } from '../request.ts';
import type { Work } from '../works.ts';

/** A server that is measured. */
export interface Subject {
  /** As the JSON file has it. */
  readonly name: string;
  /** As the table and the chart have it. */
  readonly label: string;
  /** What is given to node to start it in front of `upstream`, and its environment. It listens on a free port. */
  start(upstream: string): Start | Promise<Start>;
  /** What it is asked, for each work that it does. */
  readonly requests: Readonly<Partial<Record<Work, WorkRequest>>>;
}

export interface Start {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: URL;
  /** Its first group is the address that the server says it listens at. `listening on (http:…)` by default. */
  readonly ready?: RegExp;
}

/** Throws for a work that the subject does not do. */
export const requestFor = ({ name, requests }: Subject, work: Work): WorkRequest => {
  const request = requests[work];
  if (request === undefined) throw new Error(`${name} does not do ${work}.`);
  return request;
};
