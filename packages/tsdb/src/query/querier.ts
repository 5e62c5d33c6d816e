import { compareUtf8, type Labels } from "@linklight/model";
import type { SampleTarget } from "../chunk/sample-target.ts";
import { Pause } from "../turns/pause.ts";
import { sortInTurns } from "../turns/sort-in-turns.ts";
import type { ReadableSeries, Selection, SeriesSource } from "./select.ts";

/**
 * Answers from several parts as if they were one: series of equal labels become one series, whose samples are those of
 * all parts in order of time. Where parts overlap, the sample of the one that begins first counts. Large answers are
 * made in turns.
 *
 * The head is asked first, and only then it is looked which blocks there are: what the head forgets meanwhile is in one
 * of them.
 */
export class Querier {
  readonly #head: SeriesSource;
  readonly #blocks: () => readonly SeriesSource[];

  constructor(head: SeriesSource, blocks: () => readonly SeriesSource[]) {
    this.#head = head;
    this.#blocks = blocks;
  }

  /** The series that satisfy all matchers and may have samples in the time, ascending by labels. */
  async select(selection: Selection): Promise<{ readonly series: readonly ReadableSeries[] }> {
    const pause = new Pause();
    await this.#head.settle?.(pause);
    const newest = await gather(ofTime([this.#head], selection), selection, pause);
    const older = await gather(ofTime(this.#blocks(), selection), selection, pause);
    return { series: await mergeTwo(older, newest, pause) };
  }

  /** All label names of the series that satisfy the matchers, ascending by UTF-8 bytes. */
  labelNames(selection: Selection): Promise<string[]> {
    return this.#distinct(selection, {
      ofAll: (source) => source.labelNames(),
      of: (labels) => Array.from(labels, ([name]) => name),
    });
  }

  /** All values of a label among those series, ascending by UTF-8 bytes. */
  labelValues(name: string, selection: Selection): Promise<string[]> {
    return this.#distinct(selection, {
      ofAll: (source) => source.labelValues(name),
      of: (labels) => (labels.has(name) ? [labels.get(name)] : []),
    });
  }

  async #distinct(selection: Selection, texts: Texts): Promise<string[]> {
    const pause = new Pause();
    const found = new Set<string>();
    const { matchers } = selection;
    for (const sources of [() => [this.#head], this.#blocks])
      for (const source of ofTime(sources(), selection)) {
        if (matchers.length === 0) for (const text of texts.ofAll(source)) found.add(text);
        else
          for (const labels of source.labelSets(matchers)) {
            if (pause.isDue()) await pause.take();
            for (const text of texts.of(labels)) found.add(text);
          }
      }
    return sortInTurns(found, compareUtf8, pause);
  }
}

/** The texts that are looked for: of a whole part, and of one series. */
interface Texts {
  readonly ofAll: (source: SeriesSource) => readonly string[];
  readonly of: (labels: Labels) => readonly string[];
}

/** The parts that have something of the time, oldest first. */
function ofTime(sources: readonly SeriesSource[], { minTime, maxTime }: Selection): SeriesSource[] {
  return sources
    .filter((source) => source.minTime <= maxTime && source.maxTime >= minTime)
    .sort((a, b) => a.minTime - b.minTime);
}

async function gather(
  sources: readonly SeriesSource[],
  selection: Selection,
  pause: Pause,
): Promise<readonly ReadableSeries[]> {
  let gathered: readonly ReadableSeries[] = [];
  for (const source of sources) {
    const answer: ReadableSeries[] = [];
    for (const series of source.select(selection)) {
      if (pause.isDue()) await pause.take();
      answer.push(series);
    }
    gathered = await mergeTwo(gathered, answer, pause);
  }
  return gathered;
}

async function mergeTwo(
  a: readonly ReadableSeries[],
  b: readonly ReadableSeries[],
  pause: Pause,
): Promise<readonly ReadableSeries[]> {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged: ReadableSeries[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (pause.isDue()) await pause.take();
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
