import { parseDuration } from "@linklight/model";
import { parseMoment } from "../incident/moment.ts";
import type { MomentGrid } from "./series-source.ts";

/** What a history is asked for, as written on a command line. */
export interface HistorySpan {
  /** A time ago such as `30d`, a date and time, or seconds since 1970. */
  readonly from: string;
  /** The same; now where it is missing. */
  readonly to?: string | undefined;
  /** A duration such as `15s`. */
  readonly step: string;
}

/**
 * The moments of a span: the multiples of the step since 1970 that lie in it, both ends included, so that
 * two histories of one switch agree wherever they overlap. `nowMs` is in milliseconds since 1970. Throws
 * RangeError for texts that mean nothing, a step of zero, and times that lie in the future or the wrong way round.
 */
export function momentGrid({ from, to = "0s", step }: HistorySpan, nowMs: number): MomentGrid {
  const stepMs = duration("step", step);
  if (stepMs === 0) throw new RangeError(`--step ${step}: a step must be above zero, such as 15s`);
  const firstMs = time("from", from, nowMs);
  const lastMs = time("to", to, nowMs);
  for (const [flag, text, ms] of [["from", from, firstMs] as const, ["to", to, lastMs] as const]) {
    if (ms > nowMs)
      throw new RangeError(`--${flag} ${text}: lies in the future; it is now ${shown(nowMs)}`);
  }
  if (firstMs > lastMs) {
    throw new RangeError(
      `--from ${from}: lies behind the end of the history, which is ${shown(lastMs)}`,
    );
  }
  const fromMs = Math.ceil(firstMs / stepMs) * stepMs;
  const count = Math.floor(lastMs / stepMs) - Math.ceil(firstMs / stepMs) + 1;
  if (count < 1) {
    throw new RangeError(
      `--step ${step}: no multiple of it lies between ${shown(firstMs)} and ${shown(lastMs)}: take a shorter step or a longer time`,
    );
  }
  return { fromMs, stepMs, count };
}

/** In milliseconds since 1970, whole. */
function time(flag: string, text: string, nowMs: number): number {
  const now = Math.floor(nowMs);
  if (/^\d+(\.\d{1,3})?$/.test(text) && text !== "0") return Math.round(Number(text) * 1000);
  if (/^\d{4}-/.test(text)) {
    try {
      return Math.round(parseMoment(text, 0) * 1000);
    } catch {
      // Said below, with all that would do.
    }
  } else {
    try {
      return now - parseDuration(text);
    } catch {
      // Said below too.
    }
  }
  throw new RangeError(
    `--${flag} ${text}: expected a time ago such as 30d, a time such as 2026-02-01T12:30:00Z, or seconds since 1970`,
  );
}

function duration(flag: string, text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new RangeError(`--${flag} ${text}: expected a duration such as 15s, 1m30s or 250ms`);
  }
}

function shown(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}
