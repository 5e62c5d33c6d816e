/** The greater number, as Go's `math.Max` has it: NaN when either is, unless the other is +Infinity. */
export function goMax(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

/** The smaller number, as Go's `math.Min` has it: NaN when either is, unless the other is −Infinity. */
export function goMin(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}
