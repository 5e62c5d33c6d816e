import { ONE_LINE } from "../family/lines.ts";
import { Series, type SeriesTable } from "../family/series-table.ts";
import { Instrument, type InstrumentOptions } from "./instrument.ts";

/** One series of a {@link Gauge}. */
export class GaugeSeries extends Series {
  readonly #now: () => number;

  constructor(table: SeriesTable<Series>, offset: number, now: () => number) {
    super(table, offset);
    this.#now = now;
  }

  set(value: number): void {
    this.#check(value);
    this.table.values[this.offset] = value;
  }

  inc(by = 1): void {
    this.#check(by);
    (this.table.values[this.offset] as number) += by;
  }

  dec(by = 1): void {
    this.#check(by);
    this.inc(-by);
  }

  /** Sets the gauge to the time now, in seconds since 1970. */
  setToCurrentTime(): void {
    this.set(this.#now() / 1000);
  }

  /** Starts a clock; the function it returns sets the gauge to the seconds since, and returns them. */
  startTimer(): () => number {
    const start = performance.now();
    return () => {
      const seconds = (performance.now() - start) / 1000;
      this.set(seconds);
      return seconds;
    };
  }

  get value(): number {
    return this.table.values[this.offset] ?? 0;
  }

  #check(value: number): void {
    if (typeof value !== "number")
      throw new TypeError(`metric ${this.table.metric}: expected a number, got ${typeof value}`);
  }
}

/**
 * A number that goes up and down: a level, a temperature, a queue.
 *
 * ```ts
 * const level = new Gauge({ name: "buffer_level_bytes", help: "The number of bytes stored in a buffer" });
 * level.set(2);                                // buffer_level_bytes 2
 * ```
 */
export class Gauge<L extends string = never> extends Instrument<L, GaugeSeries> {
  constructor(options: InstrumentOptions<L>) {
    super(
      "gauge",
      options,
      () => ONE_LINE,
      (table, offset, now) => new GaugeSeries(table, offset, now),
    );
  }

  set(value: number): void {
    this.single().set(value);
  }

  inc(by = 1): void {
    this.single().inc(by);
  }

  dec(by = 1): void {
    this.single().dec(by);
  }

  setToCurrentTime(): void {
    this.single().setToCurrentTime();
  }

  startTimer(): () => number {
    return this.single().startTimer();
  }
}
