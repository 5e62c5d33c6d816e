import { assert, type Labels } from "@linklight/model";
import { type Column, ColumnStore, WINDOW_SIZE } from "./column-store.ts";
import type { MomentGrid, SourceSeries } from "./series-source.ts";

/** A switch, or whatever else is read as a whole at a moment. */
export interface Subject<R> {
  /** Undefined while there is nothing to read. `ms` is in milliseconds since 1970. */
  read(ms: number): R | undefined;
}

/** A series that is to be computed. */
export interface PlannedSeries<R> {
  readonly family: number;
  readonly labels: Labels;
  readonly subject: Subject<R>;
  readonly lines: number;
  /**
   * Puts its numbers in a reading, taken at `ms` since 1970, into `into[at]`, `into[at + stride]` …: one for
   * each line; NaN for a gap.
   */
  put(reading: R | undefined, into: Float64Array, at: number, stride: number, ms: number): void;
  /** What `put` puts, where that is one number of the reading alone, and a gap where there is none: much faster. */
  readonly read?: ((reading: R) => number | undefined) | undefined;
}

/** What {@link Passes} may be told. */
export interface PassesOptions {
  /** The memory for numbers, 112 MiB by default. */
  readonly storeBytes?: number;
}

// Of 30 days at 15 s, about 270 series that change all the time; of ten days, all of a leaf.
const STORE_BYTES = 112 * 1024 * 1024;

// Columns of which one window is computed before it is stored: as much as a switch of 56 ports shows; 8 MiB.
const SCRATCH_COLUMNS = 2048;

// How far columns are apart in the scratch: a cache line more than a power of two, or all would want the same place
// in the processor's caches at each moment.
const SCRATCH_STRIDE: number = WINDOW_SIZE + 8;

// What is noted of each window of each column must not grow with the history either: 16 MiB.
const MOST_WINDOWS = 2 ** 20;

// Readings after which the event loop gets its turn: a few dozen milliseconds.
const READINGS_A_TURN = 128;

/** A series whose numbers are being collected. */
interface Collected<R> {
  readonly series: PlannedSeries<R>;
  /** One for each line. */
  readonly columns: readonly Column[];
}

/** What is read together at each moment: a subject, and where each of its series stands in the scratch. */
interface Reader<R> {
  readonly subject: Subject<R>;
  /** Those that are one number of a reading … */
  readonly reads: ((reading: R) => number | undefined)[];
  readonly readsAt: number[];
  /** … and the others. */
  readonly series: PlannedSeries<R>[];
  readonly at: number[];
}

/**
 * Computes series in the order in which they are planned. A reading of a switch gives all its numbers at
 * once, and a history wants all moments of one number: so the model is read from the first moment to the
 * last, for as many series as there is room for, and then again for the next ones. Memory does not depend
 * on how many moments there are; the more there are, the fewer series share a reading.
 */
export class Passes<R> {
  readonly #grid: MomentGrid;
  readonly #windows: number;
  readonly #planned: Iterator<PlannedSeries<R>>;
  readonly #store: ColumnStore;
  readonly #scratch: Float64Array = new Float64Array(SCRATCH_COLUMNS * SCRATCH_STRIDE);
  /** Planned series that were looked at and not yet computed, in order. */
  #ahead: PlannedSeries<R>[] = [];
  /** The series of the current pass. */
  #collected: Collected<R>[] = [];
  /** How many of them are handed out. */
  #given = 0;
  #work: Iterator<undefined> | undefined;
  /** How many windows of the current pass are done. */
  #windowsDone = 0;
  /** How many series are in passes that are done. */
  #done = 0;

  constructor(
    planned: Iterable<PlannedSeries<R>>,
    grid: MomentGrid,
    { storeBytes = STORE_BYTES }: PassesOptions = {},
  ) {
    this.#grid = grid;
    this.#windows = Math.ceil(grid.count / WINDOW_SIZE);
    this.#planned = planned[Symbol.iterator]();
    this.#store = new ColumnStore(storeBytes);
  }

  /** How many series are computed; those of a pass that is not done yet count in part. */
  get computed(): number {
    if (this.#work === undefined) return this.#done;
    return this.#done + (this.#collected.length * this.#windowsDone) / this.#windows;
  }

  /** The next series, if it is of this family; `"later"` while it is still being computed. */
  next(family: number): SourceSeries | "later" | undefined {
    if (this.#given === this.#collected.length) {
      if (this.#peek()?.family !== family) return undefined;
      this.#begin();
    }
    if (this.#collected[this.#given]?.series.family !== family) return undefined;
    if (this.#work !== undefined) {
      if (this.#work.next().done !== true) return "later";
      this.#work = undefined;
      this.#done += this.#collected.length;
    }
    return this.#result(this.#collected[this.#given++] as Collected<R>);
  }

  #result({ series, columns }: Collected<R>): SourceSeries {
    const { labels, lines } = series;
    // Too long for the store: it is read while it is written.
    if ((columns[0] as Column).size < this.#windows)
      return { labels, fill: (values, first, count) => this.#stream(series, values, first, count) };
    const store = this.#store;
    return {
      labels,
      fill(values, first, count) {
        for (const [offset, column] of columns.entries())
          store.read(column, { first, count }, values, { offset, stride: lines });
      },
    };
  }

  #peek(): PlannedSeries<R> | undefined {
    if (this.#ahead.length === 0) {
      const { done, value } = this.#planned.next();
      if (done === true) return undefined;
      this.#ahead.push(value);
    }
    return this.#ahead[0];
  }

  /** Begins a pass with as many series as there may be room for, and with one at least. */
  #begin(): void {
    const most = Math.min(SCRATCH_COLUMNS, MOST_WINDOWS / this.#windows);
    for (const { columns } of this.#collected) this.#clear(columns);
    this.#collected = [];
    this.#given = 0;
    let columns = 0;
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      columns += next.lines;
      if (columns > most && this.#collected.length > 0) break;
      assert(columns <= SCRATCH_COLUMNS, `history: a series of ${columns} lines is too wide`);
      this.#ahead.shift();
      const opened = Array.from({ length: next.lines }, () => this.#store.open(this.#windows));
      this.#collected.push({ series: next, columns: opened });
    }
    this.#work = this.#pass();
  }

  /** Yields when it is time to let the event loop turn. */
  *#pass(): Generator<undefined> {
    for (this.#windowsDone = 0; this.#windowsDone < this.#windows; this.#windowsDone++) {
      const first = this.#windowsDone * WINDOW_SIZE;
      const size = Math.min(WINDOW_SIZE, this.#grid.count - first);
      yield* this.#readWindow(first, size);
      if (!this.#keepWindow(size) || !this.#dropWhatWillNotFit()) {
        // Not even one fits: it will be read while it is written.
        this.#clear((this.#collected[0] as Collected<R>).columns);
        return;
      }
    }
  }

  *#readWindow(first: number, size: number): Generator<undefined> {
    const { fromMs, stepMs } = this.#grid;
    const readers = this.#readers();
    let readings = 0;
    // All switches at one moment before the next moment: what one transmits another receives.
    for (let i = 0; i < size; i++) {
      const ms = fromMs + (first + i) * stepMs;
      for (const reader of readers) {
        readInto(this.#scratch, i, reader, ms);
        if (++readings % READINGS_A_TURN === 0) yield;
      }
    }
  }

  #readers(): Iterable<Reader<R>> {
    const readers = new Map<Subject<R>, Reader<R>>();
    let at = 0;
    for (const { series } of this.#collected) {
      let reader = readers.get(series.subject);
      if (reader === undefined) {
        reader = { subject: series.subject, reads: [], readsAt: [], series: [], at: [] };
        readers.set(series.subject, reader);
      }
      if (series.read === undefined) {
        reader.series.push(series);
        reader.at.push(at);
      } else {
        reader.reads.push(series.read);
        reader.readsAt.push(at);
      }
      at += series.lines * SCRATCH_STRIDE;
    }
    return [...readers.values()];
  }

  /** Moves a window from the scratch to the store. False when even the first series alone does not fit. */
  #keepWindow(size: number): boolean {
    let at = 0;
    for (let i = 0; i < this.#collected.length; i++) {
      for (const column of (this.#collected[i] as Collected<R>).columns) {
        while (!this.#store.append(column, this.#scratch, at, size)) {
          if (this.#collected.length === 1) return false;
          this.#dropLast();
          // The last was this one itself, which now is for another pass.
          if (i === this.#collected.length) return true;
        }
        at += SCRATCH_STRIDE;
      }
    }
    return true;
  }

  /**
   * Leaves for another pass those series for which there will be no room, if things go on as they began.
   * False when there will be none even for the first.
   */
  #dropWhatWillNotFit(): boolean {
    const done = this.#windowsDone + 1;
    const { slotCount } = this.#store;
    const fits = (): boolean =>
      ((slotCount - this.#store.freeCount) / done) * this.#windows <= slotCount;
    while (!fits() && this.#collected.length > 1) this.#dropLast();
    return fits();
  }

  #dropLast(): void {
    const dropped = this.#collected.pop();
    assert(dropped !== undefined, "history: there is no series to leave for another pass");
    this.#clear(dropped.columns);
    this.#ahead.unshift(dropped.series);
  }

  #clear(columns: readonly Column[]): void {
    for (const column of columns) this.#store.clear(column);
  }

  #stream(series: PlannedSeries<R>, values: Float64Array, first: number, count: number): void {
    const { fromMs, stepMs } = this.#grid;
    for (let i = 0; i < count; i++) {
      const ms = fromMs + (first + i) * stepMs;
      series.put(series.subject.read(ms), values, i * series.lines, 1, ms);
    }
  }
}

/** Reads a subject and puts its numbers at the i-th moment of the window. */
function readInto<R>(scratch: Float64Array, i: number, reader: Reader<R>, ms: number): void {
  const { reads, readsAt, series, at } = reader;
  const reading = reader.subject.read(ms);
  for (let k = 0; k < reads.length; k++) {
    const read = reads[k] as (reading: R) => number | undefined;
    const value = reading === undefined ? undefined : read(reading);
    scratch[(readsAt[k] as number) + i] = value ?? Number.NaN;
  }
  for (let k = 0; k < series.length; k++)
    (series[k] as PlannedSeries<R>).put(
      reading,
      scratch,
      (at[k] as number) + i,
      SCRATCH_STRIDE,
      ms,
    );
}
