/** A moment as Go prints it: `2023-11-14 22:00:01.5 +0000 UTC`. Takes ms since 1970. */
export function goTime(timeMs: number): string {
  const text = new Date(timeMs).toISOString();
  const [day = "", time = ""] = text.replace(/\.?0*Z$/, "").split("T");
  return `${day} ${time} +0000 UTC`;
}

/** A duration as Go prints it: `1h59m59s`, `1m40.001s`, `15ms`. Takes whole ms, not negative. */
export function goDuration(durationMs: number): string {
  if (durationMs === 0) return "0s";
  if (durationMs < 1000) return `${durationMs}ms`;
  const hours = Math.floor(durationMs / 3_600_000);
  const minutes = Math.floor((durationMs % 3_600_000) / 60_000);
  const seconds = `${(durationMs % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
