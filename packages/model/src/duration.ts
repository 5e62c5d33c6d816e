const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ["y", 365 * 86_400_000],
  ["w", 7 * 86_400_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

// Prometheus keeps durations as 64-bit nanoseconds and refuses what does not fit.
const LONGEST_MS = 9_223_372_036_854;

/**
 * Reads a Prometheus duration such as `5m`, `1h30m` or `250ms` into milliseconds. Units go from large
 * to small, each once; `0` needs none. Throws RangeError with the text and what was expected.
 */
export function parseDuration(text: string): number {
  if (text === "0") return 0;
  const match = text === "" ? null : DURATION.exec(text);
  if (match === null) {
    throw new RangeError(
      `not a valid duration string: "${text}": write units from large to small, such as 1h30m, 15s or 250ms`,
    );
  }
  const total = UNITS.reduce((sum, [, size], i) => sum + Number(match[i + 1] ?? 0) * size, 0);
  if (total > LONGEST_MS)
    throw new RangeError(`duration out of range: "${text}": the longest is about 292 years`);
  return total;
}

/** Writes milliseconds (a whole number, not negative) as a Prometheus duration, which {@link parseDuration} reads back. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isInteger(milliseconds) || milliseconds < 0 || milliseconds > LONGEST_MS) {
    throw new RangeError(
      `cannot write ${milliseconds} ms as a duration: expected a whole number of milliseconds, 0 or more`,
    );
  }
  if (milliseconds === 0) return "0s";
  let rest = milliseconds;
  let text = "";
  for (const [unit, size] of UNITS) {
    // Prometheus writes years and weeks only where nothing remains: 8 days are "8d", never "1w1d".
    if (size >= 7 * 86_400_000 && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
