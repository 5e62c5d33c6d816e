/**
 * The φ-quantile of `values[from …  to − 1]`, which it rearranges: between the two nearest ranks it is weighted
 * linearly. NaN counts as the least of values; without values, or for a φ of NaN, the quantile is NaN, and for φ
 * below 0 or above 1 it is −Inf or +Inf, as in Prometheus. Takes linear time and no memory.
 */
export function quantileOf(
  quantile: number,
  values: Float64Array,
  from: number,
  to: number,
): number {
  const count = to - from;
  if (count === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const rank = quantile * (count - 1);
  const lower = from + Math.floor(rank);
  const weight = rank - Math.floor(rank);
  const firstNumber = moveNaNsToFront(values, from, to);
  if (lower < firstNumber) return Number.NaN;
  select(values, firstNumber, to - 1, lower);
  const low = values[lower] as number;
  const high = lower + 1 < to ? least(values, lower + 1, to) : low;
  return low * (1 - weight) + high * weight;
}

function moveNaNsToFront(values: Float64Array, from: number, to: number): number {
  let next = from;
  for (let i = from; i < to; i++) {
    if (!Number.isNaN(values[i])) continue;
    values[i] = values[next] as number;
    values[next++] = Number.NaN;
  }
  return next;
}

function least(values: Float64Array, from: number, to: number): number {
  let found = values[from] as number;
  for (let i = from + 1; i < to; i++)
    if ((values[i] as number) < found) found = values[i] as number;
  return found;
}

/**
 * Puts the value of rank `at` of values[first … last] in its place, nothing greater before it and nothing less
 * after. C. A. R. Hoare's "Find" (1961), which gives up its luck and sorts when its pivots are bad too often.
 */
function select(values: Float64Array, first: number, last: number, at: number): void {
  let [low, high] = [first, last];
  for (let budget = 3 * (32 - Math.clz32(last - first + 1)); low < high; budget--) {
    if (budget === 0) {
      values.subarray(low, high + 1).sort();
      return;
    }
    const pivot = middleOf(
      values[low] as number,
      values[(low + high) >> 1] as number,
      values[high] as number,
    );
    let [i, j] = [low, high];
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) break;
      const value = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = value;
    }
    // Between j and i all are equal to the pivot.
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else return;
  }
}

function middleOf(a: number, b: number, c: number): number {
  if (a < b) {
    if (b < c) return b;
    return a < c ? c : a;
  }
  if (a < c) return a;
  return b < c ? c : b;
}
