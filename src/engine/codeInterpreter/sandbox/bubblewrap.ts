import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { outputLimits } from '../codeRunner.ts';
import { harness } from './harness.ts';
import { largestFile, mostFiles, mostOpenFiles, mostThreads, type SandboxLimits } from './limits.ts';
import { seccompFilter } from './seccompFilter.ts';

/** What the sandbox shows of the machine: Python and its libraries, read-only. */
const shared = [
  '/usr/lib',
  '/usr/lib64',
  '/usr/share/fonts',
  '/usr/share/matplotlib',
  '/usr/share/zoneinfo',
  '/etc/alternatives',
  '/etc/matplotlibrc',
];
/** On most systems links into /usr. */
const libraries = ['/lib', '/lib64'];
const devices = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom'];
const python = '/usr/bin/python3';
/** The only environment variable of the programs that set up the sandbox, which have none of the server's. */
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const environment = {
  HOME: '/tmp',
  LANG: 'C.UTF-8',
  MPLBACKEND: 'module://sandbox_plots',
  // Each thread takes address space.
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
};
/** A server that is root starts each sandbox as a user of its own, so that one cannot count as or signal another. */
const firstUid = 64_200;
const uidCount = 200;
/** File descriptors of the sandbox, in addition to 0 to 2: requests, responses, the filter, facts about the process. */
const [filterFd, infoFd] = [5, 6];

/**
 * In a user and a mount namespace of its own: a file system in memory with limits, for /mnt/data and /tmp, then the
 * sandbox. If memory runs out, the system ends the sandbox before other processes.
 */
const setUp = [
  'echo 1000 > /proc/self/oom_score_adj 2> /dev/null',
  'mount -t tmpfs -o "size=$1,nr_inodes=$2,mode=0700" tmpfs /mnt && mkdir /mnt/data /mnt/tmp && shift 2 && exec "$@"',
].join('\n');

const libraryOptions = (name: string): string[] => {
  const info = lstatSync(name, { throwIfNoEntry: false });
  if (info === undefined) return [];
  return info.isSymbolicLink() ? ['--symlink', readlinkSync(name), name] : ['--ro-bind', name, name];
};

const ownNamespaces = 'unshare --user --map-root-user --mount'.split(' ');
const fixedLimits = `--nproc=${mostThreads} --nofile=${mostOpenFiles} --fsize=${largestFile} --core=0 --memlock=0 --msgqueue=0 --sigpending=256`;
const isolation = [
  'bwrap --unshare-all --unshare-user --disable-userns --uid 65534 --gid 65534 --hostname sandbox',
  `--die-with-parent --new-session --cap-drop ALL --clearenv --seccomp ${filterFd} --info-fd ${infoFd}`,
].flatMap((options) => options.split(' '));
const writable = '--bind /mnt/data /mnt/data --bind /mnt/tmp /tmp --remount-ro / --chdir /mnt/data'.split(' ');

const commandFor = ({ memory, disk }: SandboxLimits): string[] =>
  [
    [ownNamespaces, '/bin/sh', '-c', setUp, 'sh', String(disk), String(mostFiles)],
    ['prlimit', `--as=${memory}`, fixedLimits.split(' '), '--', isolation],
    Object.entries(environment).map(([name, value]) => ['--setenv', name, value]),
    shared.map((each) => ['--ro-bind-try', each, each]),
    libraries.map(libraryOptions),
    devices.map((each) => ['--dev-bind', each, each]),
    ['--ro-bind', realpathSync(python), python, writable, '--'],
    [python, '-I', '-c', harness, String(outputLimits.file), String(outputLimits.count)],
  ].flat(2);

/**
 * Starts a sandbox with bubblewrap. `number` is that of the session, so that no two at once have the same user. The
 * `stdio` of the process: 1 the code's output, 2 errors of the set-up, 3 requests, 4 responses, 6 facts as JSON.
 * @throws {Error} if Python is missing, or there is no filter for the architecture
 */
export const startBubblewrap = (limits: SandboxLimits, number: number): ChildProcess => {
  const filter = seccompFilter(process.arch);
  if (filter === undefined) throw new Error(`there is no seccomp filter for ${process.arch}`);
  const [program = '', ...rest] = commandFor(limits);
  const id = firstUid + (number % uidCount);
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { PATH: path },
    cwd: '/',
    ...(process.getuid?.() === 0 && { uid: id, gid: id }),
  });
  const pipe = child.stdio[filterFd];
  if (pipe !== null && pipe !== undefined && 'end' in pipe) {
    pipe.on('error', () => undefined);
    pipe.end(filter);
  }
  return child;
};
