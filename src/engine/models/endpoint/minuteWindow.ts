/** Milliseconds that are counted together, so that a minute takes bounded memory however much happens in it. */
const slotMs = 250;
const windowMs = 60_000;

/** What is used of an allowance. */
export interface Use {
  slot: { at: number; amount: number };
  amount: number;
}

/**
 * An allowance per minute: no 60 seconds hold more than `allowance`. Times are milliseconds of one clock, and never
 * go back.
 */
export class MinuteWindow {
  readonly allowance: number;
  readonly #slots: Use['slot'][] = [];
  #used = 0;

  constructor(allowance: number) {
    this.allowance = allowance;
  }

  free(now: number): number {
    this.#forget(now);
    return this.allowance - this.#used;
  }

  /** Milliseconds until `amount` is free; 0 if it is. More than the whole allowance counts as the whole. */
  waitFor(amount: number, now: number): number {
    this.#forget(now);
    let excess = this.#used + Math.min(amount, this.allowance) - this.allowance;
    if (excess <= 0) return 0;
    for (const slot of this.#slots) {
      excess -= slot.amount;
      if (excess <= 0) return slot.at + slotMs + windowMs - now;
    }
    return windowMs;
  }

  use(amount: number, now: number): Use {
    this.#forget(now);
    const at = now - (now % slotMs);
    let slot = this.#slots.at(-1);
    if (slot === undefined || slot.at !== at) {
      slot = { at, amount: 0 };
      this.#slots.push(slot);
    }
    slot.amount += amount;
    this.#used += amount;
    return { slot, amount };
  }

  /** Sets what a use really came to. */
  correct(use: Use, amount: number): void {
    use.slot.amount += amount - use.amount;
    if (this.#slots.includes(use.slot)) this.#used += amount - use.amount;
    use.amount = amount;
  }

  #forget(now: number): void {
    while (this.#slots[0] !== undefined && this.#slots[0].at + slotMs + windowMs <= now) {
      this.#used -= this.#slots.shift()?.amount ?? 0;
    }
  }
}
