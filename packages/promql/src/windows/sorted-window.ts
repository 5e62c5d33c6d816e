import type { Window } from "./window.ts";

/** Up to so many elements a loop moves them faster than a call does. */
const SHORT = 32;

/**
 * The values of a sliding window in order, NaN first: what comes in is inserted, what goes out removed, by binary search.
 * A window that slides by a few of its many samples is so never sorted anew.
 */
export class SortedWindow {
  #sorted = new Float64Array(64);
  #length = 0;
  /** The window whose values are in here. */
  #from = 0;
  #to = 0;
  #values: Float64Array | undefined;
  /** How much work the last move was. */
  work = 0;

  /** Forgets everything: another series begins. */
  reset(): void {
    this.#length = 0;
    this.#from = 0;
    this.#to = 0;
    this.#values = undefined;
  }

  /** The values of the window in order: the first `to - from` elements. */
  slideTo({ values, from, to }: Window): Float64Array {
    const changed = from - this.#from + (to - this.#to);
    const count = to - from;
    // Each change moves half of the elements on average; sorting costs some ten comparisons an element.
    const isCheaper = this.#values === values && from <= this.#to && changed < 16;
    this.work = isCheaper ? changed * (8 + (count >> 3)) : 12 * count;
    if (isCheaper) this.#slide(values, from, to);
    else this.#fill(values, from, to);
    this.#values = values;
    this.#from = from;
    this.#to = to;
    return this.#sorted;
  }

  #slide(values: Float64Array, from: number, to: number): void {
    let leaving = this.#from;
    let coming = this.#to;
    if (this.#length <= SHORT)
      while (leaving < from && coming < to)
        this.#replace(values[leaving++] as number, values[coming++] as number);
    while (leaving < from) this.#remove(values[leaving++] as number);
    while (coming < to) this.#insert(values[coming++] as number);
  }

  /** One out, one in: only what lies between them moves. */
  #replace(leaving: number, coming: number): void {
    if (Number.isNaN(leaving) || Number.isNaN(coming)) {
      this.#remove(leaving);
      this.#insert(coming);
      return;
    }
    const sorted = this.#sorted;
    const last = this.#length - 1;
    let at = this.#place(leaving);
    for (; at < last && (sorted[at + 1] as number) < coming; at++)
      sorted[at] = sorted[at + 1] as number;
    for (; at > 0 && (sorted[at - 1] as number) > coming; at--)
      sorted[at] = sorted[at - 1] as number;
    sorted[at] = coming;
  }

  #fill(values: Float64Array, from: number, to: number): void {
    const count = to - from;
    this.#reserve(count);
    this.#length = count;
    const sorted = this.#sorted;
    let numbers = count;
    // A typed array sorts NaN to its end; here it counts as the least.
    for (let i = to - 1; i >= from; i--) {
      const value = values[i] as number;
      if (!Number.isNaN(value)) sorted[--numbers] = value;
    }
    sorted.fill(Number.NaN, 0, numbers);
    sorted.subarray(numbers, count).sort();
  }

  #insert(value: number): void {
    this.#reserve(this.#length + 1);
    const at = this.#place(value);
    this.#sorted.copyWithin(at + 1, at, this.#length);
    this.#sorted[at] = value;
    this.#length++;
  }

  #remove(value: number): void {
    const at = this.#place(value);
    this.#sorted.copyWithin(at, at + 1, this.#length);
    this.#length--;
  }

  /** The first place whose value is not before this one. Zeros of both signs are one: their order is of no account. */
  #place(value: number): number {
    if (Number.isNaN(value)) return 0;
    const sorted = this.#sorted;
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = sorted[middle] as number;
      if (other < value || Number.isNaN(other)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #reserve(count: number): void {
    if (count <= this.#sorted.length) return;
    const larger = new Float64Array(2 * count);
    larger.set(this.#sorted.subarray(0, this.#length));
    this.#sorted = larger;
  }
}

/** The φ-quantile of the first `count` elements of an ascending array, NaN first, in Prometheus' arithmetic. */
export function quantileOfSorted(quantile: number, sorted: Float64Array, count: number): number {
  if (count === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const rank = quantile * (count - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] as number) * (1 - weight) + (sorted[upper] as number) * weight;
}
