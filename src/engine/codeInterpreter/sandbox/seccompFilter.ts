/** Numbers of system calls on x86-64 and on ARM64; undefined if the architecture does not have the call. */
type Numbers = readonly [x64: number | undefined, arm64: number | undefined];

const architectures = {
  x64: { column: 0, audit: 0xc000003e },
  arm64: { column: 1, audit: 0xc00000b7 },
} as const;

/** Calls with numbers above this one were added to Linux after 6.10. What they do is not known here. */
const newestKnown = 462;

/** Refused with EPERM. */
const refused: Record<string, Numbers> = {
  // Other processes.
  fork: [57, undefined],
  vfork: [58, undefined],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  kcmp: [312, 272],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  // Namespaces and mounts.
  unshare: [272, 97],
  setns: [308, 268],
  chroot: [161, 51],
  pivot_root: [155, 41],
  mount: [165, 40],
  umount2: [166, 39],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  statmount: [457, 457],
  listmount: [458, 458],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // Parts of the kernel that have a history of flaws and that Python code has no use for.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  splice: [275, 76],
  tee: [276, 77],
  vmsplice: [278, 75],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  lookup_dcookie: [212, 18],
  personality: [135, 92],
  modify_ldt: [154, undefined],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  set_mempolicy_home_node: [450, 450],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  // Memory that no limit of the process counts.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  msgget: [68, 186],
  semget: [64, 190],
  mq_open: [240, 180],
  // Devices and FIFOs.
  mknod: [133, undefined],
  mknodat: [259, 33],
  // The machine.
  acct: [163, 89],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  delete_module: [176, 106],
  finit_module: [313, 273],
  init_module: [175, 105],
  ioperm: [173, undefined],
  iopl: [172, undefined],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  reboot: [169, 142],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  settimeofday: [164, 170],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  vhangup: [153, 58],
};

const clone: Numbers = [56, 220];
const clone3: Numbers = [435, 435];
const socket: Numbers = [41, 198];
const prctl: Numbers = [157, 167];

// Classic BPF, as linux/filter.h and linux/seccomp.h define it.
const load = (offset: number) => [0x20, 0, 0, offset];
const skipUnlessEqual = (value: number, count: number) => [0x15, 0, count, value];
const skipIfEqual = (value: number, count: number) => [0x15, count, 0, value];
const skipIfLess = (value: number, count: number) => [0x35, 0, count, value];
const skipIfAny = (bits: number, count: number) => [0x45, count, 0, bits];
const verdict = (value: number) => [0x06, 0, 0, value];

const [numberOffset, architectureOffset, firstArgumentOffset] = [0, 4, 16];
const allow = verdict(0x7fff0000);
const kill = verdict(0x80000000);
const error = (code: number) => verdict(0x00050000 + code);
const [EPERM, ENOSYS] = [1, 38];
const [cloneThread, cloneNamespaces] = [0x00010000, 0x7e020080];
const unixSockets = 1;
const setParentDeathSignal = 1;
/** Calls of the x32 ABI have numbers from here on. */
const x32 = 0x40000000;

/**
 * A seccomp filter for the code of the interpreter, as bubblewrap's `--seccomp` takes it; undefined if there is none for
 * the architecture (`process.arch`). Code is confined to one process: it can start threads, but no process. Of sockets,
 * only UNIX sockets can be made: network namespaces do not cover all others, such as AF_VSOCK.
 */
export const seccompFilter = (architecture: string): Buffer | undefined => {
  if (architecture !== 'x64' && architecture !== 'arm64') return undefined;
  const { column, audit } = architectures[architecture];
  const forCall = (numbers: Numbers, ...then: number[][]) => {
    const number = numbers[column];
    return number === undefined ? [] : [skipUnlessEqual(number, then.length), ...then];
  };
  const program = [
    load(architectureOffset),
    skipIfEqual(audit, 1),
    kill,
    load(numberOffset),
    skipIfLess(x32, 1),
    kill,
    skipIfLess(newestKnown + 1, 1),
    error(ENOSYS),
    ...Object.values(refused).flatMap((numbers) => forCall(numbers, error(EPERM))),
    // Its flags are in memory, where no filter can look. C libraries fall back to clone.
    ...forCall(clone3, error(ENOSYS)),
    ...forCall(
      clone,
      load(firstArgumentOffset),
      skipIfAny(cloneNamespaces, 1),
      skipIfAny(cloneThread, 1),
      error(EPERM),
      allow,
    ),
    ...forCall(socket, load(firstArgumentOffset), skipIfEqual(unixSockets, 1), error(EPERM), allow),
    ...forCall(prctl, load(firstArgumentOffset), skipUnlessEqual(setParentDeathSignal, 1), error(EPERM), allow),
    allow,
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code = 0, ifTrue = 0, ifFalse = 0, value = 0]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  }
  return bytes;
};
