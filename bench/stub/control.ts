/** What was asked of the stub since it was last set up. */
export interface StubReport {
  calls: number;
  /** That were opened to it. */
  connections: number;
  /** Each call, such as `GET /assistants?limit=100`, with the milliseconds at which it arrived and ended. */
  log: { call: string; startMs: number; endMs: number }[];
}

/** The controls of a stub that runs in a process of its own. */
export class StubControl {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Sets the delay of each response and forgets what was counted; `log` keeps each call as well. */
  async set({ delayMs, log = false }: { delayMs: number; log?: boolean }): Promise<void> {
    await fetch(`${this.#url}/?delayMs=${delayMs}&log=${log}`, { method: 'POST' });
  }

  async report(): Promise<StubReport> {
    const response = await fetch(this.#url);
    return JSON.parse(await response.text());
  }
}
