import { formatDuration, parseDuration } from "@linklight/model";

const ABSOLUTE =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads a moment in seconds since 1970: a date and time such as `2026-02-01T12:30:00Z` or `2026-02-01 12:30`
 * (UTC where no zone is given), or, after `origin`, a duration such as `2h`. Throws RangeError.
 */
export function parseMoment(text: string, origin: number): number {
  const match = ABSOLUTE.exec(text);
  if (match === null) return origin + parseSeconds(text);
  const [, date = "", time = "00:00", zone = "Z"] = match;
  const milliseconds = Date.parse(`${date}T${time}${zone}`);
  // The 30th of February is moved to March without a word.
  const isReal = new Date(`${date}T00:00Z`).toJSON()?.startsWith(date) ?? false;
  if (Number.isNaN(milliseconds) || !isReal) throw new RangeError(`no such date: "${text}"`);
  return milliseconds / 1000;
}

/** Reads a duration such as `5m` into seconds. Throws RangeError with the text and what was expected. */
export function parseSeconds(text: string): number {
  return parseDuration(text) / 1000;
}

/** Writes seconds as a duration, to the millisecond. */
export function formatSeconds(seconds: number): string {
  return formatDuration(Math.round(seconds * 1000));
}

/** Writes a moment in seconds since the epoch of a fabric as a date and time in UTC, to the millisecond. */
export function formatMoment({ epoch }: { readonly epoch: number }, seconds: number): string {
  return new Date(Math.round((epoch + seconds) * 1000)).toISOString();
}

/** Reads what {@link formatMoment} writes; undefined for anything else. */
export function readMoment(
  { epoch }: { readonly epoch: number },
  text: string,
): number | undefined {
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)
    ? Date.parse(text)
    : NaN;
  // Whole milliseconds divided once: the same number that was written.
  return Number.isNaN(milliseconds) ? undefined : (milliseconds - epoch * 1000) / 1000;
}
