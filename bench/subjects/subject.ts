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
  readonly requests: Readonly<Record<Work, WorkRequest>>;
}

export interface Start {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: URL;
  /** Its first group is the address that the server says it listens at. `listening on (http:…)` unless told. */
  readonly ready?: RegExp;
}
