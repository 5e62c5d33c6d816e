import { type ExemplarLabels, makeExemplar } from "../family/exemplar.ts";
import { ONE_LINE } from "../family/lines.ts";
import { Series, type SeriesTable } from "../family/series-table.ts";
import { Instrument, type InstrumentOptions } from "./instrument.ts";

/** One series of a {@link Counter}. */
export class CounterSeries extends Series {
  readonly #now: () => number;

  constructor(table: SeriesTable<Series>, offset: number, now: () => number) {
    super(table, offset);
    this.#now = now;
    table.setCreatedTimestamp(this, now());
  }

  /** Adds 1, or `by`, which must not be negative (RangeError); with an exemplar if one is given. */
  inc(by = 1, exemplar?: ExemplarLabels): void {
    if (typeof by !== "number") {
      throw new TypeError(`metric ${this.table.metric}: inc() expects a number, got ${typeof by}`);
    }
    if (!(by >= 0)) {
      throw new RangeError(
        `metric ${this.table.metric}: a counter cannot go down: inc(${by}); use a gauge for values that do`,
      );
    }
    // First, since it may throw: what throws must not have counted.
    const made = exemplar && makeExemplar(this.table.metric, exemplar, by, this.#now());
    (this.table.values[this.offset] as number) += by;
    if (made) this.table.setExemplar(this, 0, made);
  }

  get value(): number {
    return this.table.values[this.offset] ?? 0;
  }
}

/**
 * A number that only goes up, and restarts at zero with the program: requests, bytes, errors.
 *
 * ```ts
 * const packets = new Counter({ name: "rx_packets_total", help: "The number of packets received", labelNames: ["port"] });
 * packets.labels({ port: "1" }).inc(10);      // rx_packets_total{port="1"} 10
 * ```
 */
export class Counter<L extends string = never> extends Instrument<L, CounterSeries> {
  constructor(options: InstrumentOptions<L>) {
    super(
      "counter",
      options,
      () => ONE_LINE,
      (table, offset, now) => new CounterSeries(table, offset, now),
    );
  }

  /** Adds to the only series of a counter without labels. */
  inc(by = 1, exemplar?: ExemplarLabels): void {
    this.single().inc(by, exemplar);
  }
}
