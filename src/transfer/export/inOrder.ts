/** How many characters of lines may wait to be written for one item, beyond the latest page. */
const maxWaiting = 1024 * 1024;

/** Objects of one kind as they are written, each a line without its end. */
export interface Page {
  /** The plural name of the kind; undefined if the lines are parts of an object, which are not counted. */
  readonly name: string | undefined;
  readonly lines: readonly string[];
}

const sizeOf = ({ lines }: Page) => lines.reduce((sum, line) => sum + line.length, 0);

/** Reads pages ahead of their use, up to a limit. */
class ReadAhead {
  readonly #source: AsyncGenerator<Page>;
  readonly #ready: Page[] = [];
  #size = 0;
  #state: 'reading' | 'ended' | 'stopped' = 'reading';
  #failure: { error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(source: AsyncGenerator<Page>) {
    this.#source = source;
    void this.#fill();
  }

  async #fill() {
    try {
      for await (const page of this.#source) {
        this.#ready.push(page);
        this.#size += sizeOf(page);
        this.#notify();
        while (this.#size > maxWaiting && this.#state === 'reading') await this.#changed();
        if (this.#state === 'stopped') return;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      if (this.#state === 'reading') this.#state = 'ended';
      this.#notify();
    }
  }

  #changed() {
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #notify() {
    this.#wake?.();
    this.#wake = undefined;
  }

  async *pages(): AsyncGenerator<Page> {
    for (;;) {
      const page = this.#ready.shift();
      if (page !== undefined) {
        this.#size -= sizeOf(page);
        this.#notify();
        yield page;
      } else if (this.#failure !== undefined) throw this.#failure.error;
      else if (this.#state !== 'reading') return;
      else await this.#changed();
    }
  }

  stop(): void {
    this.#state = 'stopped';
    this.#notify();
  }
}

/** Reads up to `concurrency` items at a time. Returns their pages in the order of the items. */
export async function* inOrder<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  concurrency: number,
  read: (item: Item) => AsyncGenerator<Page>,
): AsyncGenerator<Page> {
  const open: ReadAhead[] = [];
  try {
    for await (const item of items) {
      open.push(new ReadAhead(read(item)));
      if (open.length < concurrency) continue;
      const [first] = open;
      if (first !== undefined) yield* first.pages();
      open.shift();
    }
    while (open[0] !== undefined) {
      yield* open[0].pages();
      open.shift();
    }
  } finally {
    for (const ahead of open) ahead.stop();
  }
}
