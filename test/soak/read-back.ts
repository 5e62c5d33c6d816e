import { isStaleMarker } from "@linklight/model";
import { type Db, type Interval, type ReadableSeries, SLACK_BYTES } from "@linklight/tsdb";
import type { ChurningFleet, Life } from "./churning-fleet.ts";

/** What was deleted: all series of a pod within a time, whose samples had been appended by then. */
export interface Deletion extends Interval {
  readonly pod: number;
}

/** What reading found. */
export interface ReadBack {
  series: number;
  samples: number;
  /** Series and times that are not as they were appended; the first few. */
  readonly problems: string[];
}

const MOST_PROBLEMS = 5;

/**
 * Reads all samples between two steps, both inclusive, and compares them with the fleet's to the bit: what was appended
 * and not deleted must be there, and nothing else. `pod` asks for one pod alone.
 */
export async function readBack(
  db: Pick<Db, "select">,
  fleet: ChurningFleet,
  deletions: readonly Deletion[],
  from: number,
  to: number,
  pod?: number,
): Promise<ReadBack> {
  const found: ReadBack = { series: 0, samples: 0, problems: [] };
  const range = { minTime: fleet.timeOf(from), maxTime: fleet.timeOf(to) };
  const matchers = pod === undefined ? [] : [equals("port", String(pod))];
  const columns = new Columns();
  let before: ReadableSeries | undefined;
  for (const series of (await db.select({ matchers, ...range })).series) {
    if (before !== undefined && before.labels.compare(series.labels) >= 0)
      report(found, `${series.labels} comes after ${before.labels}`);
    before = series;
    columns.length = 0;
    series.read(columns, range.minTime, range.maxTime);
    const { pod: owner, generation, series: number } = fleet.seriesOf(series.labels);
    const life = [...fleet.lives(owner, from, to)].find((one) => one.generation === generation);
    const expected = life === undefined ? [] : stepsOf(fleet, life, deletions, from, to);
    compare(found, fleet, series, life, number, expected, columns);
    if (columns.length > 0) found.series++;
    found.samples += columns.length;
  }
  const expected = expectedSeries(fleet, deletions, from, to, pod);
  if (expected !== found.series)
    report(found, `${found.series} series between steps ${from} and ${to}, not ${expected}`);
  return found;
}

function compare(
  found: ReadBack,
  fleet: ChurningFleet,
  { labels }: ReadableSeries,
  life: Life | undefined,
  number: number,
  expected: readonly number[],
  { length, timestamps, values }: Columns,
): void {
  if (length !== expected.length)
    report(found, `${labels} has ${length} samples, not ${expected.length}`);
  if (life === undefined) return;
  for (const [i, step] of expected.slice(0, length).entries()) {
    const value = values[i] as number;
    const isValue =
      step === life.lastStep ? isStaleMarker(value) : value === fleet.value(life, number, step);
    if (isValue && timestamps[i] === fleet.timeOf(step)) continue;
    report(found, `${labels} has ${values[i]} at ${timestamps[i]} instead of step ${step}`);
    return;
  }
}

function report(found: ReadBack, problem: string): void {
  if (found.problems.length < MOST_PROBLEMS) found.problems.push(problem);
}

/** The steps of a life that have samples. */
function stepsOf(
  fleet: ChurningFleet,
  life: Life,
  deletions: readonly Deletion[],
  from: number,
  to: number,
): number[] {
  const own = deletions.filter(({ pod }) => pod === life.pod);
  const steps: number[] = [];
  const last = Math.min(to, life.lastStep);
  for (let step = Math.max(0, from, life.firstStep); step <= last; step++) {
    const time = fleet.timeOf(step);
    if (!own.some(({ minTime, maxTime }) => minTime <= time && time <= maxTime)) steps.push(step);
  }
  return steps;
}

function expectedSeries(
  fleet: ChurningFleet,
  deletions: readonly Deletion[],
  from: number,
  to: number,
  only: number | undefined,
): number {
  const { pods, seriesPerPod } = fleet.options;
  let count = 0;
  for (let pod = only ?? 0; pod < (only === undefined ? pods : only + 1); pod++)
    for (const life of fleet.lives(pod, from, to))
      if (stepsOf(fleet, life, deletions, from, to).length > 0) count += seriesPerPod;
  return count;
}

/** A matcher of one value. */
export function equals(name: string, value: string): Parameters<Db["deleteSeries"]>[0][number] {
  return { name, operator: "=", value, matches: (other) => other === value };
}

class Columns {
  length = 0;
  timestamps: Float64Array = new Float64Array(4096);
  values: Float64Array = new Float64Array(4096);

  reserve(count: number): void {
    if (count <= this.timestamps.length) return;
    const capacity = 2 * count + SLACK_BYTES;
    this.timestamps = grown(this.timestamps, capacity);
    this.values = grown(this.values, capacity);
  }
}

function grown(column: Float64Array, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
