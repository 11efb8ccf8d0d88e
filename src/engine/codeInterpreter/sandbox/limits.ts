import { inputLimits } from '../codeRunner.ts';

/** What the code of one session may use. */
export interface SandboxLimits {
  /** Milliseconds of one call. */
  callMs: number;
  /** Bytes of address space, the interpreter and its libraries included. */
  memory: number;
  /** Bytes of all files in the sandbox, which are in memory. */
  disk: number;
}

/** Bytes of one file in the sandbox, those of the thread included. */
export const largestFile = inputLimits.file;
/** Files and folders in the sandbox. Each costs the kernel about 1 KiB in addition to its content. */
export const mostFiles = 10_000;
/** Threads of the code. */
export const mostThreads = 64;
/** Open files of the code. */
export const mostOpenFiles = 256;
