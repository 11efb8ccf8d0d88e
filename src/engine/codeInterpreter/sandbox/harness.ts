/**
 * The Python program in the sandbox. It reads requests from file descriptor 3 and writes responses to 4, each a line of
 * JSON, with as many bytes after it as its member `bytes` says:
 *
 * - `{"op":"put","name","bytes"}`: a file for /mnt/data.
 * - `{"op":"run","mark","bytes"}`: runs code. What it prints goes to descriptor 1, between `mark` and `mark`.
 * - Responses: `ready` once; for each run any number of `image` (PNG), `file` (`name`) and `note` (`text`), then `done`.
 *
 * The code shares its process, so whatever this program sends may have been sent by the code: readers trust none of it.
 */
export const harness = String.raw`
import ast, importlib.abc, importlib.util, io, json, linecache, os, stat, sys, traceback

DATA = '/mnt/data'
MAX_FILE, MAX_COUNT, MAX_SCAN = int(sys.argv[1]), int(sys.argv[2]), 2000
requests = os.fdopen(3, 'rb')
stdout = os.dup(1)
stdin = os.dup(0)
known = {}
problems = []
scope = {'__name__': '__main__', '__builtins__': __builtins__}
runs = 0


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]


def send(op, data=b'', **members):
    write_all(4, json.dumps({'op': op, 'bytes': len(data), **members}).encode() + b'\n')
    write_all(4, data)


class Plots(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The matplotlib backend: plt.show() sends figures."""

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name == 'sandbox_plots' else None

    def exec_module(self, module):
        from matplotlib._pylab_helpers import Gcf
        from matplotlib.backend_bases import FigureManagerBase
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        def show(*args, **kwargs):
            for manager in Gcf.get_all_fig_managers():
                data = io.BytesIO()
                manager.canvas.figure.savefig(data, format='png')
                send('image', data.getvalue())
            Gcf.destroy_all()

        module.FigureCanvas, module.FigureManager, module.show = FigureCanvasAgg, FigureManagerBase, show


def identity(info):
    return (info.st_ino, info.st_size, info.st_mtime_ns)


def regular_files():
    """Paths in /mnt/data, without links, FIFOs, hidden files and caches."""
    scanned = 0
    for folder, folders, names in os.walk(DATA):
        folders[:] = sorted(each for each in folders if not each.startswith('.') and each != '__pycache__')
        for name in sorted(names):
            scanned += 1
            if scanned > MAX_SCAN:
                return
            path = os.path.join(folder, name)
            info = os.lstat(path)
            if stat.S_ISREG(info.st_mode) and not name.startswith('.'):
                yield path, info


def send_files():
    sent = left = 0
    for path, info in regular_files():
        if known.get(path) == identity(info):
            continue
        known[path] = identity(info)
        name = os.path.relpath(path, DATA).encode('utf-8', 'replace').decode()
        if info.st_size > MAX_FILE:
            send('note', text='The file ' + ascii(name)[:100] + ' is too large to be kept.')
        elif sent < MAX_COUNT:
            with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), 'rb') as file:
                data = file.read(MAX_FILE)
            send('file', data, name=name)
            sent += 1
        else:
            left += 1
    if left:
        send('note', text='Of the files that the code wrote, ' + str(left) + ' more are not kept.')


def put(name, data):
    path = os.path.join(DATA, name)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(data)
    except OSError as error:
        problems.append('The file ' + name + ' is missing: ' + str(error.strerror))
    else:
        known[path] = identity(os.lstat(path))


def execute(source):
    global runs
    runs += 1
    name = '<call ' + str(runs) + '>'
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    try:
        tree = ast.parse(source, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, 'exec'), scope)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), name, 'eval'), scope)
            if value is not None:
                scope['_'] = value
                print(repr(value))
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is not None and pyplot.get_fignums():
            pyplot.show()
    except SystemExit as error:
        if error.code not in (None, 0):
            print('SystemExit:', error.code)
    except BaseException as error:
        tail = error.__traceback__
        while tail is not None and tail.tb_frame.f_code.co_filename != name:
            tail = tail.tb_next
        traceback.print_exception(type(error), error, tail, file=sys.stdout)


def restore_streams():
    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    os.dup2(stdout, 2)
    os.set_blocking(1, True)


def run(source, mark):
    restore_streams()
    write_all(1, mark)
    stream = io.TextIOWrapper(io.FileIO(1, 'w', closefd=False), 'utf-8', 'backslashreplace', write_through=True)
    sys.stdout = sys.stderr = stream
    for problem in problems:
        print('[' + problem + ']')
    problems.clear()
    try:
        execute(source)
    finally:
        restore_streams()
        write_all(1, mark)
    send_files()
    send('done')


os.nice(10)
sys.meta_path.append(Plots())
sys.argv = ['']
send('ready')
while True:
    line = requests.readline()
    if not line:
        break
    request = json.loads(line)
    payload = requests.read(request['bytes'])
    if request['op'] == 'put':
        put(request['name'], payload)
    else:
        run(payload.decode(), bytes.fromhex(request['mark']))
`;
