/** The ratio of two powers that many decibels apart: 10^(x/10), by `exp`, which is the same on every Node. */
export function powerRatio(decibels: number): number {
  return Math.exp((decibels * Math.LN10) / 10);
}
