/** Series refs, ascending, each once: those that have some label pair. */
export type Postings = Uint32Array;

export const EMPTY_POSTINGS: Postings = new Uint32Array(0);

/** The refs of a list that are in another, usually longer one. */
export function intersectTwo(short: Postings, long: Postings): Postings {
  const both = new Uint32Array(short.length);
  let count = 0;
  let j = 0;
  for (let i = 0; i < short.length && j < long.length; i++) {
    const ref = short[i] as number;
    j = gallop(long, ref, j);
    if (long[j] === ref) both[count++] = ref;
  }
  return both.subarray(0, count);
}

/** The refs of `from` that are not in `without`. */
export function subtract(from: Postings, without: Postings): Postings {
  if (without.length === 0) return from;
  const left = new Uint32Array(from.length);
  let count = 0;
  let j = 0;
  for (let i = 0; i < from.length; i++) {
    const ref = from[i] as number;
    j = gallop(without, ref, j);
    if (without[j] !== ref) left[count++] = ref;
  }
  return left.subarray(0, count);
}

/** The refs that are in any list. */
export function unite(lists: readonly Postings[]): Postings {
  if (lists.length === 0) return EMPTY_POSTINGS;
  // Pairwise, so that every ref is copied log(lists) times, not once for each list.
  let level = lists;
  while (level.length > 1) {
    const next: Postings[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const b = level[i + 1];
      next.push(b === undefined ? (level[i] as Postings) : uniteTwo(level[i] as Postings, b));
    }
    level = next;
  }
  return level[0] as Postings;
}

function uniteTwo(a: Postings, b: Postings): Postings {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const any = new Uint32Array(a.length + b.length);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as number;
    const y = b[j] as number;
    any[count++] = x < y ? x : y;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  while (i < a.length) any[count++] = a[i++] as number;
  while (j < b.length) any[count++] = b[j++] as number;
  return any.subarray(0, count);
}

/**
 * The first place at or after `start` whose ref is at least `ref`: leaps of 1, 2, 4 … and then a binary search,
 * so that a look-up costs the logarithm of the distance leapt over.
 */
function gallop(list: Postings, ref: number, start: number): number {
  let leap = 1;
  let low = start;
  let high = start;
  while (high < list.length && (list[high] as number) < ref) {
    low = high + 1;
    high += leap;
    leap *= 2;
  }
  if (high > list.length) high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < ref) low = middle + 1;
    else high = middle;
  }
  return low;
}
