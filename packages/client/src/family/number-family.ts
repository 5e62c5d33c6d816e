import type { MetricType } from "@linklight/model";
import { type ExemplarLabels, makeExemplar } from "./exemplar.ts";
import { ONE_LINE } from "./lines.ts";
import type { FamilyOptions } from "./options.ts";
import { type LabelsOf, SeriesFamily } from "./series-family.ts";
import { Series } from "./series-table.ts";

/** What may stand beside a value that a collector gives. */
export interface ValueOptions {
  /** When the value was taken, in milliseconds since 1970. Leave it out for values taken now: a series with explicit timestamps lingers for five minutes after it has gone. */
  readonly timestamp?: number;
  /** When the counter began at zero, in milliseconds since 1970. */
  readonly createdTimestamp?: number;
  /** The labels of an exemplar of this value. */
  readonly exemplar?: ExemplarLabels;
}

/**
 * Writes what stands beside a new value into the columns of a series. A value that is given no timestamp
 * has none: that of the value before does not become its own.
 */
export function applyOptions(
  series: Series,
  options: ValueOptions | undefined,
  line: number,
  value: number,
): void {
  if (options?.timestamp !== undefined) series.table.setTimestamp(series, options.timestamp);
  else if (series.table.timestamps) series.table.setTimestamp(series, Number.NaN);
  if (options === undefined) return;
  if (options.createdTimestamp !== undefined)
    series.table.setCreatedTimestamp(series, options.createdTimestamp);
  if (options.exemplar)
    series.table.setExemplar(
      series,
      line,
      makeExemplar(series.table.metric, options.exemplar, value, options.timestamp ?? Date.now()),
    );
}

/** The handle of one series that a collector keeps: it is rendered once, and `set` stores a number. */
export class NumberSeries extends Series {
  /** Sets the value that the next collection shows. */
  set(value: number, options?: ValueOptions): void {
    if (typeof value !== "number")
      throw new TypeError(`metric ${this.table.metric}: expected a number, got ${typeof value}`);
    this.table.values[this.offset] = value;
    applyOptions(this, options, 0, value);
  }

  get value(): number {
    return this.table.values[this.offset] ?? 0;
  }
}

/** A family of series with one number each, which a collector fills. */
abstract class NumberFamily<L extends string> extends SeriesFamily<L, NumberSeries> {
  constructor(type: MetricType, options: FamilyOptions<L>) {
    super(
      type,
      options,
      () => ONE_LINE,
      (table, offset) => new NumberSeries(table, offset),
    );
  }

  /** The handle of the series with these labels, to be kept by a collector that keeps its family too. */
  series(labels: LabelsOf<L>): NumberSeries {
    return this.at(labels);
  }

  /** Adds a series with its value, in a family made afresh in each collection. Throws TypeError when the labels repeat. */
  add(labels: LabelsOf<L>, value: number, options?: ValueOptions): this {
    this.addNew(labels).set(value, options);
    return this;
  }
}

/**
 * Counters that a collector read elsewhere: totals that only go up.
 *
 * ```ts
 * yield new CounterFamily({ name: "rx_packets_total", help: "The number of packets received", labelNames: ["port"] })
 *   .add({ port: "1" }, 20);
 * ```
 */
export class CounterFamily<L extends string = never> extends NumberFamily<L> {
  constructor(options: FamilyOptions<L>) {
    super("counter", options);
  }
}

/** Gauges that a collector read elsewhere: levels, temperatures, states as numbers. */
export class GaugeFamily<L extends string = never> extends NumberFamily<L> {
  constructor(options: FamilyOptions<L>) {
    super("gauge", options);
  }
}

/** Numbers of which the collector does not know whether they are counters or gauges. */
export class UnknownFamily<L extends string = never> extends NumberFamily<L> {
  constructor(options: FamilyOptions<L>) {
    super("unknown", options);
  }
}

/** Facts as labels; the value is always 1. */
export class InfoFamily<L extends string = never> extends SeriesFamily<L, NumberSeries> {
  constructor(options: FamilyOptions<L>) {
    super(
      "info",
      options,
      () => ONE_LINE,
      (table, offset) => {
        table.values[offset] = 1;
        return new NumberSeries(table, offset);
      },
    );
  }

  /** Adds one set of facts. Throws TypeError when it repeats. */
  add(labels: LabelsOf<L>): this {
    this.addNew(labels);
    return this;
  }
}
