/** Reports on standard error how far the benchmark is. */
export class Progress {
  readonly #steps: number;
  #done = 0;

  constructor(steps: number) {
    this.#steps = steps;
  }

  /** Says what begins now. */
  step(what: string) {
    const percent = String(Math.floor((100 * this.#done) / this.#steps)).padStart(3);
    this.#done += 1;
    const line = `${percent} %  ${what}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
  }

  end() {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  }
}
