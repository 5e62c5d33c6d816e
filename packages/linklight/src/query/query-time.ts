import { CommandFailure, ExitCode } from "../failure.ts";

const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
  w: 604_800e9,
};

/**
 * Reads a time as promtool does, seconds since 1970 or RFC 3339, into seconds. `what` names it in the error,
 * a CommandFailure.
 */
export function parseTime(text: string, what: string): number {
  const trimmed = text.trim();
  const seconds = trimmed === "" ? Number.NaN : Number(trimmed);
  if (Number.isFinite(seconds)) return seconds;
  const isDate = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(
    trimmed,
  );
  const ms = isDate ? Date.parse(trimmed) : Number.NaN;
  if (Number.isNaN(ms))
    throw new CommandFailure(
      `${what}: cannot parse ${JSON.stringify(text)} to a valid timestamp: expected seconds since 1970, or such as 2026-02-01T12:30:00Z`,
    );
  return ms / 1000;
}

/** Reads a duration such as `15s`, `1m30s` or `1.5h`, or a number of seconds, into seconds. */
export function parseStep(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/g)];
  const seconds =
    parts.length > 0 && parts.map(([part]) => part).join("") === text
      ? parts.reduce(
          (sum, [, count, unit = ""]) => sum + Number(count) * (NANOSECONDS[unit] ?? 0),
          0,
        ) / 1e9
      : Number(text === "" ? Number.NaN : text);
  if (!(seconds > 0 && Number.isFinite(seconds)))
    throw new CommandFailure(
      `--step: cannot read ${JSON.stringify(text)}: expected a duration such as 15s or 1m30s`,
      ExitCode.USAGE,
    );
  return seconds;
}
