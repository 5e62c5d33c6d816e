/** Prometheus' own default for `scrape_timeout`, for readers that do not say theirs. */
const DEFAULT_TIMEOUT_MS = 10_000;
/** Longer than any sensible scrape: a time-out beyond it is taken for this. */
const LONGEST_TIMEOUT_MS = 10 * 60_000;

/**
 * When a scrape must be answered, in milliseconds since 1970: the time-out that the scraper states in
 * `X-Prometheus-Scrape-Timeout-Seconds`, less an offset for sending; at least half of the time-out.
 */
export function scrapeDeadline(
  header: string | readonly string[] | undefined,
  {
    timeoutOffsetMs = 500,
    now = Date.now,
  }: { readonly timeoutOffsetMs?: number; readonly now?: () => number } = {},
): number {
  const seconds = typeof header === "string" && header.trim() !== "" ? Number(header) : Number.NaN;
  const timeout = seconds > 0 ? Math.min(seconds * 1000, LONGEST_TIMEOUT_MS) : DEFAULT_TIMEOUT_MS;
  return now() + Math.max(timeout - timeoutOffsetMs, timeout / 2);
}
