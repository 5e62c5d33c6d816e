/**
 * The candidate a writer most likely meant by `word`, or undefined when none is near: at most one
 * slip (a letter missing, added, wrong, or swapped with its neighbour) for each three letters.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  // No field name is that long; the limit keeps the table below small.
  if (word.length > 100) return undefined;
  let best: string | undefined;
  let bestSlips = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestSlips) continue;
    const slips = countSlips(word.toLowerCase(), candidate.toLowerCase());
    if (slips < bestSlips) {
      best = candidate;
      bestSlips = slips;
    }
  }
  return best;
}

// The optimal string alignment distance, row by row.
function countSlips(a: string, b: string): number {
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let slips = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        slips = Math.min(slips, (previous[j - 2] ?? 0) + 1);
      }
      row.push(slips);
    }
    previous = above;
  }
  return row[b.length] ?? 0;
}
