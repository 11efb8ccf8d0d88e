import { readdirSync, readFileSync } from 'node:fs';

/** The processor time that the threads of a process have used so far, in milliseconds: their own and the kernel's for them. */
export const cpuMs = (pid: number): number => {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) nanoseconds += nanosecondsOf(`/proc/${pid}/task/${thread}`);
  return nanoseconds / 1e6;
};

/** Finer than the ticks of `stat`, which are two percent of a round. */
const nanosecondsOf = (thread: string) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ', 1)[0]);

/** The same of the main thread alone. */
export const mainThreadMs = (pid: number): number => nanosecondsOf(`/proc/${pid}/task/${pid}`) / 1e6;

const statusMiB = (pid: number, name: string): number => {
  const [, kib] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kib === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
  return Number(kib) / 1024;
};

/** The memory of a process that is in RAM, in MiB. */
export const rssMiB = (pid: number): number => statusMiB(pid, 'VmRSS');

/** The most that it ever was. */
export const peakRssMiB = (pid: number): number => statusMiB(pid, 'VmHWM');
