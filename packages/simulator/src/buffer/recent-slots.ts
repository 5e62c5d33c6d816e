/** How many slots are kept: scrapes within one share its start and its end, and others may read another moment. */
const MOST_KEPT = 4;

/** What is known of the slots that were asked for last. */
export class RecentSlots<T> {
  readonly #compute: (slot: number, spent: T | undefined) => T;
  readonly #slots: number[] = [];
  readonly #values: T[] = [];
  /** When each was asked for last, counted in requests. */
  readonly #usedAt: number[] = [];
  #requests = 0;

  /**
   * `compute` may give the value of a slot the memory of `spent`, which was of another: the one that was asked for
   * longest ago. Then a value holds until three other slots are asked for.
   */
  constructor(compute: (slot: number, spent: T | undefined) => T) {
    this.#compute = compute;
  }

  /** What is known of a slot, computed when it is not among the last ones. */
  of(slot: number): T {
    this.#requests += 1;
    let i = this.#slots.indexOf(slot);
    if (i >= 0) {
      this.#usedAt[i] = this.#requests;
    } else {
      i = this.#slots.length < MOST_KEPT ? this.#slots.length : oldest(this.#usedAt);
      this.#usedAt[i] = this.#requests;
      // Until it is computed it is of no slot.
      this.#slots[i] = Number.NaN;
      this.#values[i] = this.#compute(slot, this.#values[i]);
      this.#slots[i] = slot;
    }
    return this.#values[i] as T;
  }

  /** Forgets the slots after one. */
  forgetAfter(slot: number): void {
    for (let i = 0; i < this.#slots.length; i++)
      if ((this.#slots[i] as number) > slot) this.#slots[i] = Number.NaN;
  }
}

function oldest(usedAt: readonly number[]): number {
  let oldest = 0;
  for (let i = 1; i < usedAt.length; i++)
    if ((usedAt[i] as number) < (usedAt[oldest] as number)) oldest = i;
  return oldest;
}
