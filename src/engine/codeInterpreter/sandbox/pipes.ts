import type { ChildProcess } from 'node:child_process';
import { Duplex, Readable, Writable } from 'node:stream';

const pipeAt = ({ stdio }: ChildProcess, fd: number) => {
  const pipes: readonly (Readable | Writable | null | undefined)[] = stdio;
  return pipes[fd];
};

/** The pipe that is a file descriptor of the process. Throws if there is none. */
export const readableAt = (child: ChildProcess, fd: number): Readable => {
  const pipe = pipeAt(child, fd);
  if (pipe instanceof Readable) return pipe;
  throw new Error(`the process has no pipe ${fd} to read`);
};

/** As `readableAt`. */
export const writableAt = (child: ChildProcess, fd: number): Writable => {
  const pipe = pipeAt(child, fd);
  if (pipe instanceof Duplex || pipe instanceof Writable) return pipe;
  throw new Error(`the process has no pipe ${fd} to write`);
};
