/** Something that code tries. It prints ESCAPED if it succeeds. */
export interface Attack {
  title: string;
  code: string;
  /** What the output shows of how it was stopped. */
  stopped: RegExp;
}

/** What is there to be attacked. */
export interface Targets {
  port: number;
  filePath: string;
  abstractSocket: string;
}

const indented = (code: string) => code.replaceAll(/^/gmu, '    ');

/** Python that tries `code` and prints the error that stops it. */
const trying = (code: string) =>
  `try:\n${indented(code)}\n    print('ESCAPED')\nexcept BaseException as error:\n    print(type(error).__name__, error)`;

const attack = (title: string, code: string, stopped: RegExp): Attack => ({ title, code: trying(code), stopped });
const plain = (title: string, code: string, stopped: RegExp): Attack => ({ title, code, stopped });

const denied = /PermissionError/u;
const absent = /FileNotFoundError/u;

export const attacksOnFiles = ({ filePath }: Targets): Attack[] => [
  attack('reading a file of the machine', `print(open(${JSON.stringify(filePath)}).read())`, absent),
  attack('reading the users of the machine', `print(open('/etc/passwd').read())`, absent),
  attack('listing the folder of the server', `import os\nprint(os.listdir(${JSON.stringify(process.cwd())}))`, absent),
  attack('reading /proc/1/environ', `print(open('/proc/1/environ').read())`, absent),
  attack(
    'reading the files of the server by /proc/self/root',
    `print(open('/proc/self/root/etc/passwd').read())`,
    absent,
  ),
  attack('listing /sys', `import os\nprint(os.listdir('/sys'))`, absent),
  attack('opening a disk', `open('/dev/vda', 'rb')`, absent),
  attack('changing the Python library', `open('/usr/lib/python3/sitecustomize.py', 'w')`, /Read-only file system/u),
  attack('writing to the root folder', `open('/escaped', 'w')`, /Read-only file system/u),
  attack(
    'reaching the old root by ..',
    `import os\nos.chdir('/')\nos.chdir('..')\nprint(open('etc/passwd').read())`,
    absent,
  ),
  plain(
    'finding an open file of the server among the descriptors',
    `import os, stat
for fd in range(256):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        print('ESCAPED', fd)
print('searched')`,
    /searched/u,
  ),
  attack(
    'making a device',
    `import os, stat\nos.mknod('/mnt/data/disk', stat.S_IFBLK | 0o600, os.makedev(254, 0))`,
    denied,
  ),
  attack('making a FIFO that a reader would wait on', `import os\nos.mkfifo('/mnt/data/pipe')`, denied),
  attack(
    'linking a file of the system into /mnt/data',
    `import os\nos.link('/usr/bin/python3', '/mnt/data/python')`,
    /OSError/u,
  ),
];

export const attacksOnNetwork = ({ port, abstractSocket }: Targets): Attack[] => [
  attack(
    'connecting to a server of the machine',
    `import socket\nsocket.create_connection(('127.0.0.1', ${port}))`,
    denied,
  ),
  attack('sending UDP', `import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)`, denied),
  attack('resolving a name', `import socket\nprint(socket.getaddrinfo('example.com', 80))`, /gaierror/u),
  attack('opening a raw socket', `import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)`, denied),
  attack(
    'configuring the network by netlink',
    `import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)`,
    denied,
  ),
  attack(
    'reaching the hypervisor by vsock',
    `import socket\nsocket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)`,
    denied,
  ),
  attack(
    'using cryptography sockets of the kernel',
    `import socket\nsocket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)`,
    denied,
  ),
  attack(
    'connecting to an abstract UNIX socket of the machine',
    `import socket\nsocket.socket(socket.AF_UNIX).connect('\\0${abstractSocket}')`,
    /ConnectionRefusedError/u,
  ),
];

export const attacksOnProcesses: Attack[] = [
  attack('forking', `import os\nif os.fork() == 0: os._exit(0)`, denied),
  attack('a fork bomb', `import os\nwhile True: os.fork()`, denied),
  attack('running a shell', `import os\nassert os.system('echo ESCAPED') == 0`, /AssertionError/u),
  attack('running a program', `import subprocess\nsubprocess.run(['/usr/bin/python3', '-c', ''], check=True)`, denied),
  attack('leaving a daemon behind', `import os\nif os.fork() == 0:\n    os.setsid()\n    os.fork()`, denied),
  attack(
    'a bomb of threads',
    `import threading, time\nfor _ in range(10000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()`,
    /can't start new thread/u,
  ),
  plain(
    'killing the parent and all other processes',
    `import os
for target in (os.getppid(), 1, -1):
    try:
        os.kill(target, 9)
    except OSError as error:
        print(type(error).__name__)
print('still here')`,
    /still here/u,
  ),
  plain(
    'finding processes of the machine',
    `import os
found = []
for pid in range(1, 70000):
    try:
        os.kill(pid, 0)
        found.append(pid)
    except OSError:
        pass
print('ESCAPED' if set(found) - {1, os.getpid()} else 'found only itself')`,
    /found only itself/u,
  ),
  attack(
    'raising its limits',
    `import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))`,
    /not allowed to raise/u,
  ),
  attack('becoming root', `import os\nos.setuid(0)`, /OSError|PermissionError/u),
];

/** System calls on x86-64 and on ARM64, with arguments that would succeed for some. */
const calls: [name: string, x64: number, arm64: number, args: string][] = [
  ['ptrace', 101, 117, '16, 1, 0, 0'],
  ['process_vm_readv', 310, 270, '1, 0, 0, 0, 0, 0'],
  ['process_vm_writev', 311, 271, '1, 0, 0, 0, 0, 0'],
  ['mount', 165, 40, `b'none', b'/mnt/data', b'tmpfs', 0, 0`],
  ['umount2', 166, 39, `b'/mnt/data', 2`],
  ['pivot_root', 155, 41, `b'/mnt/data', b'/mnt/data'`],
  ['chroot', 161, 51, `b'/mnt/data'`],
  ['fsopen', 430, 430, `b'tmpfs', 0`],
  ['unshare', 272, 97, '0x10000000'],
  ['setns', 308, 268, '0, 0'],
  ['clone with a new user namespace', 56, 220, '0x10000011, 0, 0, 0, 0'],
  ['clone3', 435, 435, '0, 0'],
  ['keyctl', 250, 219, '0, -3, 1'],
  ['add_key', 248, 217, `b'user', b'a', b'b', 1, -3`],
  ['bpf', 321, 280, '0, 0, 0'],
  ['perf_event_open', 298, 241, '0, 0, -1, -1, 0'],
  ['userfaultfd', 323, 282, '1'],
  ['io_uring_setup', 425, 425, '8, 0'],
  ['memfd_create, whose memory no limit counts,', 319, 279, `b'a', 0`],
  ['shmget, whose memory no limit counts,', 29, 194, '0, 4096, 0o1600'],
  ['open_by_handle_at', 304, 265, '0, 0, 0'],
  ['init_module', 175, 105, '0, 0, 0'],
  ['kexec_load', 246, 104, '0, 0, 0, 0'],
  ['personality', 135, 92, '0x0400000'],
  ['prctl that lets it outlive the server', 157, 167, '1, 0, 0, 0, 0'],
  ['a call newer than the filter', 999, 999, ''],
];

export const systemCalls: Attack[] = calls.map(([name, x64, arm64, args]) =>
  plain(
    `the system call ${name}`,
    `import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = ${x64} if platform.machine() == 'x86_64' else ${arm64}
result = libc.syscall(number${args === '' ? '' : `, ${args}`})
print('ESCAPED' if result != -1 else 'errno', ctypes.get_errno())`,
    /errno (?:1|38)\b/u,
  ),
);

export const attacksOnResources: Attack[] = [
  attack('allocating 4 GB', `bytearray(4 * 10**9)`, /MemoryError/u),
  attack('allocating without end', `kept = []\nwhile True: kept.append(bytearray(10**7))`, /MemoryError/u),
  attack('mapping shared memory', `import mmap\nmmap.mmap(-1, 4 * 10**9)`, /OSError|MemoryError/u),
  attack(
    'filling the disk',
    `for number in range(100):\n    with open(f'/tmp/{number}', 'wb') as file: file.write(bytes(10**7))`,
    /No space left/u,
  ),
  attack('a sparse file of 1 TB', `open('/mnt/data/sparse', 'wb').truncate(10**12)`, /File too large/u),
  attack('a million files', `for number in range(10**6): open(f'/tmp/{number}', 'w').close()`, /No space left/u),
  attack(
    'locking memory',
    `import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nassert libc.mlockall(3) == 0`,
    /AssertionError/u,
  ),
];

const timeLimit = /\[The code was ended after 2 seconds\.\]/u;
const outputLimit = /\[The code was ended: it wrote more than 256 KiB\.\]/u;
const ended = /\[The code ended the interpreter\.\]/u;
const forged = /\[The code was ended: it broke the interpreter\.\]/u;

/** Those after which the interpreter is gone. */
export const attacksThatEndIt: Attack[] = [
  plain('an endless loop', 'while True: pass', timeLimit),
  plain('sleeping for an hour', 'import time\ntime.sleep(3600)', timeLimit),
  plain(
    'a loop that catches every exception',
    'while True:\n    try:\n        while True: pass\n    except BaseException: pass',
    timeLimit,
  ),
  plain(
    'ignoring all signals',
    `import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True: pass`,
    timeLimit,
  ),
  plain('a regular expression that never ends', `import re\nre.match('(a+)+$', 'a' * 50 + 'b')`, timeLimit),
  plain('a gigabyte of output', `for _ in range(1000): print('x' * 10**6)`, outputLimit),
  plain('output past Python', `import os\nwhile True: os.write(1, b'x' * 65536)`, outputLimit),
  plain('output to stderr', `import os\nwhile True: os.write(2, b'x' * 65536)`, outputLimit),
  plain('ending the process', 'import os\nos._exit(0)', ended),
  plain('a crash of the interpreter', 'import ctypes\nctypes.string_at(0)', ended),
  plain('replacing the interpreter', `import os\nos.execv('/usr/bin/python3', ['python3', '-c', ''])`, ended),
  plain('closing all descriptors', 'import os\nos.closerange(0, 256)', ended),
  plain('writing noise to the protocol', `import os\nos.write(4, b'noise\\n')`, forged),
  plain('a forged message that is no object', `import os\nos.write(4, b'[]\\n')`, forged),
  plain('a forged message of an endless header', `import os\nwhile True: os.write(4, b'x' * 4096)`, forged),
  plain(
    'a forged file of a negative size',
    `import os\nos.write(4, b'{"op":"file","name":"a","bytes":-1}\\n')`,
    forged,
  ),
  plain(
    'a forged file of a terabyte',
    `import os\nos.write(4, b'{"op":"file","name":"a","bytes":1000000000000}\\n')`,
    forged,
  ),
  plain(
    'a flood of forged files',
    `import os\nwhile True: os.write(4, b'{"op":"file","name":"a","bytes":0}\\n')`,
    forged,
  ),
  plain('a forged message of an unknown kind', `import os\nos.write(4, b'{"op":"exec","bytes":0}\\n')`, forged),
];
