/**
 * Seconds, as OpenMetrics has them, in milliseconds: 1.001 s is 1001 ms, though the product of the doubles is
 * 1000.9999999999999. The point moves in the shortest decimal that stands for the double.
 */
export function secondsToMilliseconds(seconds: number): number {
  if (!Number.isFinite(seconds)) return seconds;
  const [digits, exponent = "0"] = String(seconds).split("e");
  return Number(`${digits}e${Number(exponent) + 3}`);
}

/**
 * Seconds in whole milliseconds, for the timestamp of a sample: what is below a millisecond is cut towards zero,
 * as Prometheus does, but 1.001 s is 1001 ms.
 */
export function secondsToWholeMilliseconds(seconds: number): number {
  const milliseconds = seconds * 1000;
  const nearest = Math.round(milliseconds);
  // Seconds of this century as a double are off by at most 0.0003 ms.
  return Math.abs(milliseconds - nearest) < 0.001 ? nearest : Math.trunc(milliseconds);
}
