import type { Budget } from "../eval/budget.ts";
import { COMPARISON_WORK } from "./sort-in-turns.ts";

/** Whether the element at one position belongs before the one at another. */
export type Less = (a: number, b: number) => boolean;
/** Exchanges the elements at two positions. */
export type Swap = (a: number, b: number) => void;

/**
 * Sorts `length` elements as Go's `sort.Sort` does: pattern-defeating quicksort, with the very same comparisons and
 * exchanges. It is not stable, so that the order of equal elements, which users see in `topk` and `sort`, is
 * Prometheus' own; that holds too for orders that contradict themselves, such as one in which NaN comes before NaN.
 * Source: O. R. L. Peters, "Pattern-defeating Quicksort" (2021), with Go's choices of pivots.
 *
 * Pauses now and then: it is a generator that stops after so many comparisons, wherever it is.
 */
export async function goSort(
  length: number,
  less: Less,
  swap: Swap,
  budget: Budget,
): Promise<void> {
  if (length < 2) return;
  const sort = new PatternDefeatingSort(less, swap).sort(0, length, bitLength(length));
  for (const compared of sort) if (budget.spend(COMPARISON_WORK * compared)) await budget.pause();
}

/** Comparisons between two looks at the budget. */
const COMPARISONS_AT_ONCE = 256;

/** Stops after every {@link COMPARISONS_AT_ONCE} comparisons, and says how many there were. */
type Turns<T = void> = Generator<number, T>;

const INSERTION_UP_TO = 12;
const NINTHER_FROM = 50;
const SHIFT_FROM = 50;

type Hint = "ascending" | "descending" | "unknown";

/** All ranges are half-open: from `a`, to before `b`. */
class PatternDefeatingSort {
  readonly #isLess: Less;
  readonly #swap: Swap;
  /** Exchanges made among the candidates for a pivot. */
  #swaps = 0;
  #compared = 0;

  constructor(less: Less, swap: Swap) {
    this.#isLess = less;
    this.#swap = swap;
  }

  #less(a: number, b: number): boolean {
    this.#compared++;
    return this.#isLess(a, b);
  }

  /** Whether to stop for a moment: asked in every loop that may be long. */
  #isLong(): boolean {
    return this.#compared >= COMPARISONS_AT_ONCE;
  }

  #turn(): number {
    const compared = this.#compared;
    this.#compared = 0;
    return compared;
  }

  /** `badPivots`: how many unbalanced partitions are allowed before heap sort takes over. */
  *sort(from: number, to: number, badPivots: number): Turns {
    let [a, b, limit] = [from, to, badPivots];
    let wasBalanced = true;
    let wasPartitioned = true;
    for (;;) {
      if (this.#isLong()) yield this.#turn();
      const length = b - a;
      if (length <= INSERTION_UP_TO) {
        this.#insertionSort(a, b);
        return;
      }
      if (limit === 0) {
        yield* this.#heapSort(a, b);
        return;
      }
      if (!wasBalanced) {
        this.#breakPatterns(a, b);
        limit--;
      }
      let { pivot, hint } = this.#choosePivot(a, b);
      if (hint === "descending") {
        yield* this.#reverse(a, b);
        pivot = b - 1 - (pivot - a);
        hint = "ascending";
      }
      const mayBeSorted = wasBalanced && wasPartitioned && hint === "ascending";
      if (mayBeSorted && (yield* this.#sortAlmostSorted(a, b))) return;
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = yield* this.#partitionEqual(a, b, pivot);
        continue;
      }
      const { middle, partitioned } = yield* this.#partition(a, b, pivot);
      wasPartitioned = partitioned;
      const [left, right] = [middle - a, b - middle];
      wasBalanced = Math.min(left, right) >= Math.floor(length / 8);
      if (left < right) {
        yield* this.sort(a, middle, limit);
        a = middle + 1;
      } else {
        yield* this.sort(middle + 1, b, limit);
        b = middle;
      }
    }
  }

  #insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i++)
      for (let j = i; j > a && this.#less(j, j - 1); j--) this.#swap(j, j - 1);
  }

  *#heapSort(a: number, b: number): Turns {
    const length = b - a;
    for (let i = (length - 1) >> 1; i >= 0; i--) {
      if (this.#isLong()) yield this.#turn();
      this.#siftDown(a, i, length);
    }
    for (let i = length - 1; i >= 0; i--) {
      if (this.#isLong()) yield this.#turn();
      this.#swap(a, a + i);
      this.#siftDown(a, 0, i);
    }
  }

  #siftDown(first: number, from: number, length: number): void {
    let root = from;
    for (;;) {
      let child = 2 * root + 1;
      if (child >= length) return;
      if (child + 1 < length && this.#less(first + child, first + child + 1)) child++;
      if (!this.#less(first + root, first + child)) return;
      this.#swap(first + root, first + child);
      root = child;
    }
  }

  /** Less than the pivot on the left of it, the rest on the right. */
  *#partition(
    a: number,
    b: number,
    pivot: number,
  ): Turns<{ readonly middle: number; readonly partitioned: boolean }> {
    this.#swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    let partitioned = true;
    for (;;) {
      if (this.#isLong()) yield this.#turn();
      while (i <= j && this.#less(i, a)) {
        i++;
        if (this.#isLong()) yield this.#turn();
      }
      while (i <= j && !this.#less(j, a)) {
        j--;
        if (this.#isLong()) yield this.#turn();
      }
      if (i > j) break;
      partitioned = false;
      this.#swap(i++, j--);
    }
    this.#swap(j, a);
    return { middle: j, partitioned };
  }

  /** Equal to the pivot on the left, the greater on the right; nothing is less. Returns where the greater begin. */
  *#partitionEqual(a: number, b: number, pivot: number): Turns<number> {
    this.#swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    for (;;) {
      if (this.#isLong()) yield this.#turn();
      while (i <= j && !this.#less(a, i)) {
        i++;
        if (this.#isLong()) yield this.#turn();
      }
      while (i <= j && this.#less(a, j)) {
        j--;
        if (this.#isLong()) yield this.#turn();
      }
      if (i > j) return i;
      this.#swap(i++, j--);
    }
  }

  /** Mends up to five places of a range that is nearly sorted; false if that was not enough. */
  *#sortAlmostSorted(a: number, b: number): Turns<boolean> {
    let i = a + 1;
    for (let attempt = 0; attempt < 5; attempt++) {
      while (i < b && !this.#less(i, i - 1)) {
        i++;
        if (this.#isLong()) yield this.#turn();
      }
      if (i === b) return true;
      if (b - a < SHIFT_FROM) return false;
      this.#swap(i, i - 1);
      for (let j = i - 1; i - a >= 2 && j >= 1 && this.#less(j, j - 1); j--) {
        this.#swap(j, j - 1);
        if (this.#isLong()) yield this.#turn();
      }
      for (let j = i + 1; b - i >= 2 && j < b && this.#less(j, j - 1); j++) {
        this.#swap(j, j - 1);
        if (this.#isLong()) yield this.#turn();
      }
    }
    return false;
  }

  /** Scatters three elements, by a generator that is seeded with the length. */
  #breakPatterns(a: number, b: number): void {
    const length = b - a;
    if (length < 8) return;
    const mask = (1n << BigInt(bitLength(length))) - 1n;
    const at = a + Math.floor(length / 4) * 2 - 1;
    let random = BigInt(length);
    for (let i = 0; i < 3; i++) {
      random = BigInt.asUintN(64, random ^ (random << 13n));
      random ^= random >> 7n;
      random = BigInt.asUintN(64, random ^ (random << 17n));
      let other = Number(random & mask);
      if (other >= length) other -= length;
      this.#swap(at + i, a + other);
    }
  }

  #choosePivot(a: number, b: number): { pivot: number; hint: Hint } {
    const length = b - a;
    const quarter = Math.floor(length / 4);
    this.#swaps = 0;
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
    if (length >= NINTHER_FROM) {
      i = this.#median(i - 1, i, i + 1);
      j = this.#median(j - 1, j, j + 1);
      k = this.#median(k - 1, k, k + 1);
    }
    // Shorter ranges never get here: they are sorted by insertion.
    j = this.#median(i, j, k);
    if (this.#swaps === 0) return { pivot: j, hint: "ascending" };
    // Four medians of three exchanges each.
    return { pivot: j, hint: this.#swaps === 12 ? "descending" : "unknown" };
  }

  #median(i: number, j: number, k: number): number {
    let [a, b, c] = [i, j, k];
    [a, b] = this.#ordered(a, b);
    [b, c] = this.#ordered(b, c);
    [a, b] = this.#ordered(a, b);
    return b;
  }

  #ordered(a: number, b: number): [number, number] {
    if (!this.#less(b, a)) return [a, b];
    this.#swaps++;
    return [b, a];
  }

  *#reverse(a: number, b: number): Turns {
    for (let i = a, j = b - 1; i < j; i++, j--) {
      this.#swap(i, j);
      this.#compared++;
      if (this.#isLong()) yield this.#turn();
    }
  }
}

function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}
