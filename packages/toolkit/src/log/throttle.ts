import type { LogFields } from "@linklight/model";

/** Writes a log line, or keeps silent. */
export type ThrottledLog = (message: string, fields?: LogFields) => void;

/**
 * Wraps a log call that strangers can provoke, so that a flood of requests is not a flood of lines:
 * at most one line each `intervalMs`; the next one says how many were left out as `suppressed`.
 */
export function throttleLog(
  log: ThrottledLog,
  intervalMs = 10_000,
  now: () => number = Date.now,
): ThrottledLog {
  let next = Number.NEGATIVE_INFINITY;
  let suppressed = 0;
  return (message, fields) => {
    const time = now();
    if (time < next) {
      suppressed++;
      return;
    }
    log(message, suppressed > 0 ? { ...fields, suppressed } : fields);
    next = time + intervalMs;
    suppressed = 0;
  };
}
