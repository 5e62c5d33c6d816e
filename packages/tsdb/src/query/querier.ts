import { compareUtf8, type Labels } from "@linklight/model";
import type { SampleTarget } from "../chunk/sample-target.ts";
import type { ReadableSeries, Selection, SeriesSource } from "./select.ts";

/**
 * Answers from several parts as if they were one: series of equal labels become one series, whose samples are those of
 * all parts in order of time. Where parts overlap, the sample of the first of them counts.
 */
export function selectFrom(
  sources: readonly SeriesSource[],
  selection: Selection,
): readonly ReadableSeries[] {
  const answers = relevant(sources, selection)
    .map((source) => source.select(selection))
    .filter((answer) => answer.length > 0);
  if (answers.length <= 1) return answers[0] ?? [];
  let merged = answers[0] as readonly ReadableSeries[];
  for (const answer of answers.slice(1)) merged = mergeTwo(merged, answer);
  return merged;
}

/** The label names of all parts, ascending by UTF-8 bytes. */
export function labelNamesFrom(sources: readonly SeriesSource[], selection: Selection): string[] {
  const names = relevant(sources, selection).flatMap((source) => source.labelNames(selection));
  return [...new Set(names)].sort(compareUtf8);
}

/** The values of a label in all parts, ascending by UTF-8 bytes. */
export function labelValuesFrom(
  sources: readonly SeriesSource[],
  name: string,
  selection: Selection,
): string[] {
  const values = relevant(sources, selection).flatMap((source) =>
    source.labelValues(name, selection),
  );
  return [...new Set(values)].sort(compareUtf8);
}

/** The parts that have something of the time, oldest first. */
function relevant(
  sources: readonly SeriesSource[],
  { minTime, maxTime }: Selection,
): SeriesSource[] {
  return sources
    .filter((source) => source.minTime <= maxTime && source.maxTime >= minTime)
    .sort((a, b) => a.minTime - b.minTime);
}

function mergeTwo(
  a: readonly ReadableSeries[],
  b: readonly ReadableSeries[],
): readonly ReadableSeries[] {
  const merged: ReadableSeries[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as ReadableSeries;
    const y = b[j] as ReadableSeries;
    const order = x.labels.compare(y.labels);
    if (order === 0) merged.push(new JoinedSeries([x, y]));
    else merged.push(order < 0 ? x : y);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  while (i < a.length) merged.push(a[i++] as ReadableSeries);
  while (j < b.length) merged.push(b[j++] as ReadableSeries);
  return merged;
}

/** One series out of several parts, oldest first. */
class JoinedSeries implements ReadableSeries {
  readonly #parts: readonly ReadableSeries[];

  constructor(parts: readonly ReadableSeries[]) {
    this.#parts = parts.flatMap((part) => (part instanceof JoinedSeries ? part.#parts : [part]));
  }

  get labels(): Labels {
    return (this.#parts[0] as ReadableSeries).labels;
  }

  read(into: SampleTarget, minTime: number, maxTime: number): void {
    const start = into.length;
    for (const part of this.#parts) {
      const before = into.length;
      part.read(into, minTime, maxTime);
      const overlaps =
        before > start &&
        into.length > before &&
        (into.timestamps[before] as number) <= (into.timestamps[before - 1] as number);
      if (overlaps) mergeTail(into, start, before);
    }
  }
}

/** Brings two ascending runs of samples, from `start` and from `middle` on, into one. */
function mergeTail(into: SampleTarget, start: number, middle: number): void {
  const { length } = into;
  const times = into.timestamps.slice(start, length);
  const values = into.values.slice(start, length);
  // Words, not numbers: a staleness marker loses its bits as a number.
  const from = new Uint32Array(values.buffer);
  const to = new Uint32Array(into.values.buffer, into.values.byteOffset, 2 * length);
  let i = 0;
  let j = middle - start;
  let end = start;
  while (i < middle - start || j < length - start) {
    const left = i < middle - start ? (times[i] as number) : Number.POSITIVE_INFINITY;
    const right = j < length - start ? (times[j] as number) : Number.POSITIVE_INFINITY;
    const taken = left <= right ? i : j;
    into.timestamps[end] = times[taken] as number;
    to[2 * end] = from[2 * taken] as number;
    to[2 * end + 1] = from[2 * taken + 1] as number;
    end++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  into.length = end;
}
