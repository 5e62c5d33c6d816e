import { type FamilyTable, type Line, SeriesList, type SeriesPart } from "@linklight/exposition";
import type { Exemplar, MetricFamilyInfo } from "@linklight/model";
import type { LabelSet } from "./recent-label-sets.ts";

/** One series of a family: a row of numbers in its {@link SeriesTable}. The base of every child and handle. */
export abstract class Series {
  /** @internal Where the series' numbers begin in `table.values`; {@link REMOVED} once it was removed. */
  offset: number;
  /** @internal */
  readonly table: SeriesTable<Series>;

  constructor(table: SeriesTable<Series>, offset: number) {
    this.table = table;
    this.offset = offset;
  }

  /** Whether the series was taken out of its family; what is set on it is then shown nowhere. */
  get isRemoved(): boolean {
    return this.offset === REMOVED;
  }
}

const INITIAL_ROWS = 8;

/** So many removed rows are closed up at once, if they are most of all: nobody may ever take a snapshot. */
const MANY_ROWS = 1024;

/** Beyond the end of every typed array, where writes are ignored: what a removed series still counts is shown nowhere. */
const REMOVED = 2 ** 52;

/**
 * The series of one family as columns, so that a scrape copies numbers instead of visiting objects.
 *
 * ```
 * series   0              1              2 …            in the order they were made
 * values   [v v v v]      [v v v v]      …              lines.length numbers each
 * ```
 * Rows of removed series are closed up at the next snapshot, or when they are most of many, so removing
 * many costs one pass.
 */
export class SeriesTable<S extends Series> {
  /** The name of the family, for messages. */
  readonly metric: string;
  readonly lines: readonly Line[];
  values: Float64Array;
  timestamps: Float64Array | undefined;
  createdTimestamps: Float64Array | undefined;
  /** By index into `values`. */
  exemplars: Map<number, Exemplar> | undefined;
  readonly #make: (table: SeriesTable<Series>, offset: number) => S;
  readonly #byKey: Map<string, S> = new Map();
  #rows: (S | undefined)[] = [];
  #list: SeriesList = new SeriesList();
  #removed = 0;

  constructor(
    metric: string,
    lines: readonly Line[],
    make: (table: SeriesTable<Series>, offset: number) => S,
  ) {
    this.metric = metric;
    this.lines = lines;
    this.#make = make;
    this.values = new Float64Array(INITIAL_ROWS * lines.length);
  }

  /** How many series there are. */
  get size(): number {
    return this.#byKey.size;
  }

  find(key: string): S | undefined {
    return this.#byKey.get(key);
  }

  /** Adds a series with zeros; its key must be new. */
  add({ key, labels }: LabelSet): S {
    if (this.#removed >= MANY_ROWS && 2 * this.#removed > this.#rows.length) this.#closeUp();
    const row = this.#rows.length;
    const stride = this.lines.length;
    if ((row + 1) * stride > this.values.length) this.#grow();
    const series = this.#make(this as unknown as SeriesTable<Series>, row * stride);
    this.#rows.push(series);
    this.#list.labels.push(labels);
    this.#byKey.set(key, series);
    return series;
  }

  /** Removes a series; false when there is none with the key. */
  remove(key: string): boolean {
    const series = this.#byKey.get(key);
    if (series === undefined) return false;
    this.#byKey.delete(key);
    this.#rows[series.offset / this.lines.length] = undefined;
    series.offset = REMOVED;
    this.#removed += 1;
    return true;
  }

  clear(): void {
    for (const series of this.#byKey.values()) series.offset = REMOVED;
    this.#byKey.clear();
    this.#rows = [];
    this.#list = new SeriesList();
    this.#removed = 0;
    this.values.fill(0);
    this.timestamps?.fill(Number.NaN);
    this.createdTimestamps?.fill(Number.NaN);
    this.exemplars?.clear();
  }

  /** The series in order. */
  *[Symbol.iterator](): IterableIterator<S> {
    for (const series of this.#rows) if (series !== undefined) yield series;
  }

  setTimestamp(series: Series, timestamp: number): void {
    this.timestamps ??= this.#column();
    this.timestamps[series.offset / this.lines.length] = timestamp;
  }

  setCreatedTimestamp(series: Series, timestamp: number): void {
    this.createdTimestamps ??= this.#column();
    this.createdTimestamps[series.offset / this.lines.length] = timestamp;
  }

  setExemplar(series: Series, line: number, exemplar: Exemplar): void {
    if (series.isRemoved) return;
    this.exemplars ??= new Map();
    this.exemplars.set(series.offset + line, exemplar);
  }

  /** A copy of all numbers as they are now; later changes do not touch it. */
  snapshot(): SeriesPart {
    if (this.#removed > 0) this.#closeUp();
    const size = this.#rows.length;
    return {
      lines: this.lines,
      series: this.#list,
      size,
      values: this.values.slice(0, size * this.lines.length),
      ...(this.timestamps && { timestamps: this.timestamps.slice(0, size) }),
      ...(this.createdTimestamps && { createdTimestamps: this.createdTimestamps.slice(0, size) }),
      ...(this.exemplars && this.exemplars.size > 0 && { exemplars: new Map(this.exemplars) }),
    };
  }

  #column(): Float64Array {
    return new Float64Array(this.values.length / this.lines.length).fill(Number.NaN);
  }

  #grow(): void {
    const values = new Float64Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
    for (const name of ["timestamps", "createdTimestamps"] as const) {
      const old = this[name];
      if (old === undefined) continue;
      const grown = this.#column();
      grown.set(old);
      this[name] = grown;
    }
  }

  /** Moves the rows that are left together. Snapshots keep the old list of series, so this makes a new one. */
  #closeUp(): void {
    const stride = this.lines.length;
    const kept: number[] = [];
    const exemplars = this.exemplars && new Map<number, Exemplar>();
    this.#rows.forEach((series, row) => {
      if (series === undefined) return;
      const to = kept.length;
      kept.push(row);
      for (let line = 0; exemplars && line < stride; line++) {
        const exemplar = this.exemplars?.get(row * stride + line);
        if (exemplar) exemplars.set(to * stride + line, exemplar);
      }
      if (to === row) return;
      for (let i = 0; i < stride; i++)
        this.values[to * stride + i] = this.values[row * stride + i] as number;
      if (this.timestamps) this.timestamps[to] = this.timestamps[row] as number;
      if (this.createdTimestamps)
        this.createdTimestamps[to] = this.createdTimestamps[row] as number;
      series.offset = to * stride;
    });
    this.values.fill(0, kept.length * stride);
    this.timestamps?.fill(Number.NaN, kept.length);
    this.createdTimestamps?.fill(Number.NaN, kept.length);
    this.exemplars = exemplars;
    this.#list = this.#list.pick(kept);
    this.#rows = kept.map((row) => this.#rows[row]);
    this.#removed = 0;
  }
}

/** A family whose numbers a registry can copy at any moment: an instrument, or a family that a collector made. */
export interface TableSource {
  readonly info: MetricFamilyInfo;
  /** The family as it is now, for a writer. */
  table(): FamilyTable;
}
