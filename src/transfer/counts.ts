import { counted } from '../counted.ts';

/** How many objects of each kind have been transferred, by plural name such as `messages`. */
export class Counts {
  readonly #byName = new Map<string, number>();
  readonly #started = performance.now();

  add(name: string, count = 1): void {
    this.#byName.set(name, (this.#byName.get(name) ?? 0) + count);
  }

  get total(): number {
    return [...this.#byName.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Such as `2 assistants, 1 thread`. */
  get text(): string {
    const parts = [...this.#byName].map(([name, count]) => counted(count, name));
    return parts.length === 0 ? 'nothing' : parts.join(', ');
  }

  /** Objects for each second since the start. */
  get rate(): number {
    return Math.round(this.total / Math.max((performance.now() - this.#started) / 1000, 0.001));
  }
}
