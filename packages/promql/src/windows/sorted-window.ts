import type { Budget } from "../eval/budget.ts";
import type { Window } from "./window.ts";

/** Up to so many elements a loop moves them faster than a call does. */
const SHORT = 32;
/** From so many changes on, one pass over all elements costs less than a search for each. */
const MANY_CHANGES = 16;
/** What is sorted without a look at the clock: some milliseconds. */
const PIECE = 32_768;

/**
 * The values of a sliding window in order, NaN first: what comes in is inserted, what goes out removed, by binary
 * search or, where it is much, by merging. A window that overlaps the one before is so never sorted anew.
 */
export class SortedWindow {
  #sorted = new Float64Array(64);
  /** What a merge writes, then changing places with `#sorted`. */
  #merged = new Float64Array(0);
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
    const count = to - from;
    const changes = from - this.#from + (to - this.#to);
    if (this.#needsSorting(values, from, changes, count)) {
      this.#reserve(count);
      sortInto(this.#sorted, values, from, to);
      this.work = 12 * count;
    } else if (changes < MANY_CHANGES) {
      this.#slide(values, from, to);
      this.work = changes * (8 + (count >> 3));
    } else {
      this.#merge(values, from, to);
      this.work = 2 * count + 12 * changes;
    }
    this.#moveTo(values, from, to);
    return this.#sorted;
  }

  /** Sorts a large window in pieces, with pauses between them; `slideTo` then finds it done. */
  async prepare({ values, from, to }: Window, budget: Budget): Promise<void> {
    const count = to - from;
    const changes = from - this.#from + (to - this.#to);
    if (!this.#needsSorting(values, from, changes, count)) return;
    this.#reserve(count);
    this.#merged = new Float64Array(this.#sorted.length);
    const inMerged = await sortInPieces(this.#sorted, this.#merged, values, from, to, budget);
    if (inMerged) [this.#sorted, this.#merged] = [this.#merged, this.#sorted];
    this.#moveTo(values, from, to);
  }

  #needsSorting(values: Float64Array, from: number, changes: number, count: number): boolean {
    return this.#values !== values || from > this.#to || 2 * changes > Math.max(count, SHORT);
  }

  #moveTo(values: Float64Array, from: number, to: number): void {
    this.#values = values;
    this.#from = from;
    this.#to = to;
    this.#length = to - from;
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

  /** What leaves and what comes, both in order, are taken out and in in one pass. */
  #merge(values: Float64Array, from: number, to: number): void {
    const sorted = this.#sorted;
    const leaving = sortInto(new Float64Array(from - this.#from), values, this.#from, from);
    const coming = sortInto(new Float64Array(to - this.#to), values, this.#to, to);
    if (this.#merged.length < sorted.length) this.#merged = new Float64Array(sorted.length);
    if (this.#merged.length < to - from) this.#merged = new Float64Array(2 * (to - from));
    const merged = this.#merged;
    let [left, come, n] = [0, 0, 0];
    for (let i = 0; i < this.#length; i++) {
      const value = sorted[i] as number;
      if (left < leaving.length && !isBefore(value, leaving[left] as number)) {
        left++;
        continue;
      }
      while (come < coming.length && isBefore(coming[come] as number, value))
        merged[n++] = coming[come++] as number;
      merged[n++] = value;
    }
    while (come < coming.length) merged[n++] = coming[come++] as number;
    this.#sorted = merged;
    this.#merged = sorted;
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

/** NaN comes before all numbers. */
function isBefore(a: number, b: number): boolean {
  return a < b || (Number.isNaN(a) && !Number.isNaN(b));
}

/** Puts some values in order, NaN first, at the beginning of `target`. */
function sortInto(
  target: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
): Float64Array {
  const numbers = copyNaNsFirst(target, values, from, to);
  target.subarray(numbers, to - from).sort();
  return target;
}

/** Copies values to the beginning of `target`, NaN before numbers, which keep no order; returns where these begin. */
function copyNaNsFirst(
  target: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
): number {
  // A typed array sorts NaN to its end; here it counts as the least.
  let numbers = to - from;
  for (let i = to - 1; i >= from; i--) {
    const value = values[i] as number;
    if (!Number.isNaN(value)) target[--numbers] = value;
  }
  target.fill(Number.NaN, 0, numbers);
  return numbers;
}

/**
 * The same with pauses: pieces are sorted, then merged two by two, back and forth between two arrays. Returns whether
 * the result is in the second one.
 */
async function sortInPieces(
  target: Float64Array,
  other: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  budget: Budget,
): Promise<boolean> {
  const count = to - from;
  const numbers = copyNaNsFirst(target, values, from, to);
  other.fill(Number.NaN, 0, numbers);
  for (let start = numbers; start < count; start += PIECE) {
    target.subarray(start, Math.min(start + PIECE, count)).sort();
    if (budget.spend(12 * PIECE)) await budget.pause();
  }
  let [source, merged] = [target, other];
  for (let width = PIECE; width < count - numbers; width *= 2) {
    for (let start = numbers; start < count; start += 2 * width) {
      const run = {
        start,
        middle: Math.min(start + width, count),
        end: Math.min(start + 2 * width, count),
      };
      await mergeRuns(source, merged, run, budget);
    }
    [source, merged] = [merged, source];
  }
  return source === other;
}

/** Merges source[start … middle) and source[middle … end), both ascending numbers. */
async function mergeRuns(
  source: Float64Array,
  merged: Float64Array,
  { start, middle, end }: { start: number; middle: number; end: number },
  budget: Budget,
): Promise<void> {
  let [left, right] = [start, middle];
  for (let first = start; first < end; first += PIECE) {
    const last = Math.min(first + PIECE, end);
    for (let n = first; n < last; n++) {
      const takesLeft =
        right === end || (left < middle && (source[left] as number) <= (source[right] as number));
      merged[n] = source[takesLeft ? left++ : right++] as number;
    }
    if (budget.spend(2 * PIECE)) await budget.pause();
  }
}
