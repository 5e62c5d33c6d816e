const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Reads a duration as Go writes it, such as `1s`, `1m30s`, `1.5h` or `250ms`, into milliseconds;
 * undefined when the text is none. exporter-toolkit uses these, not Prometheus' own durations.
 */
export function parseGoDuration(text: string): number | undefined {
  if (text.length > 64) return undefined;
  const sign = text.startsWith("-") ? -1 : 1;
  const rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  let total = 0;
  let end = 0;
  for (const match of rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    if (match.index !== end) return undefined;
    total += Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? Number.NaN);
    end += match[0].length;
  }
  return end > 0 && end === rest.length ? sign * total : undefined;
}
