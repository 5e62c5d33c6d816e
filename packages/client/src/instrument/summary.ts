import type { SeriesPart } from "@linklight/exposition";
import { checkQuantiles, summaryLines } from "../family/lines.ts";
import { Series, type SeriesTable } from "../family/series-table.ts";
import { Instrument, type InstrumentOptions } from "./instrument.ts";
import { QuantileSketch } from "./quantile-sketch.ts";

/** Options of a {@link Summary}. */
export interface SummaryOptions<L extends string = never> extends InstrumentOptions<L> {
  /** Which quantiles are shown, ascending; none by default, and then only sum and count are kept. */
  readonly quantiles?: readonly number[];
  /** The relative error of a quantile; 0.01 by default. */
  readonly accuracy?: number;
  /** How far back quantiles look, in seconds; 600 by default. */
  readonly maxAgeSeconds?: number;
  /** In how many steps old observations leave the window; 5 by default. */
  readonly ageBuckets?: number;
}

interface Window {
  readonly quantiles: readonly number[];
  readonly accuracy: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly now: () => number;
  readonly metric: string;
}

/** One series of a {@link Summary}. */
export class SummarySeries extends Series {
  readonly #window: Window;
  /** A sketch a step, by the number of the step since 1970. */
  readonly #sketches = new Map<number, QuantileSketch>();

  constructor(table: SeriesTable<Series>, offset: number, window: Window) {
    super(table, offset);
    this.#window = window;
    table.setCreatedTimestamp(this, window.now());
  }

  /** Counts one observation. */
  observe(value: number): void {
    const { quantiles, metric } = this.#window;
    if (typeof value !== "number")
      throw new TypeError(`metric ${metric}: observe() expects a number, got ${typeof value}`);
    const sum = this.offset + quantiles.length;
    (this.table.values[sum] as number) += value;
    (this.table.values[sum + 1] as number) += 1;
    if (quantiles.length > 0) this.#sketch().add(value);
  }

  /** Starts a clock; the function it returns observes the seconds since, and returns them. */
  startTimer(): () => number {
    const start = performance.now();
    return () => {
      const seconds = (performance.now() - start) / 1000;
      this.observe(seconds);
      return seconds;
    };
  }

  /** @internal The quantiles over the window that ends now. */
  currentQuantiles(): number[] {
    this.#forgetOld();
    const all = new QuantileSketch(this.#window.accuracy);
    for (const sketch of this.#sketches.values()) all.merge(sketch);
    return all.quantiles(this.#window.quantiles);
  }

  #sketch(): QuantileSketch {
    const step = this.#step();
    const found = this.#sketches.get(step);
    if (found !== undefined) return found;
    this.#forgetOld();
    const made = new QuantileSketch(this.#window.accuracy);
    this.#sketches.set(step, made);
    return made;
  }

  /** Forgets what left the window, and what was counted before the clock was put back. */
  #forgetOld(): void {
    const now = this.#step();
    const oldest = now - this.#window.steps + 1;
    for (const step of this.#sketches.keys())
      if (step < oldest || step > now) this.#sketches.delete(step);
  }

  #step(): number {
    return Math.floor(this.#window.now() / this.#window.stepMs);
  }
}

/**
 * Sum, count and quantiles of the last minutes, computed here. Quantiles of several instances cannot be
 * combined; where that matters, use a {@link Histogram}.
 */
export class Summary<L extends string = never> extends Instrument<L, SummarySeries> {
  readonly #quantiles: number;

  constructor(options: SummaryOptions<L>) {
    const { name, accuracy = 0.01, maxAgeSeconds = 600, ageBuckets = 5 } = options;
    const quantiles = checkQuantiles(name, options.quantiles ?? []);
    if (!(accuracy > 0 && accuracy < 1))
      throw new RangeError(`metric ${name}: accuracy must lie between 0 and 1, got ${accuracy}`);
    if (!(maxAgeSeconds > 0))
      throw new RangeError(
        `metric ${name}: maxAgeSeconds must be greater than 0, got ${maxAgeSeconds}`,
      );
    if (!(Number.isInteger(ageBuckets) && ageBuckets > 0))
      throw new RangeError(
        `metric ${name}: ageBuckets must be a whole number from 1, got ${ageBuckets}`,
      );
    const shape = {
      quantiles,
      accuracy,
      steps: ageBuckets,
      stepMs: (maxAgeSeconds * 1000) / ageBuckets,
    };
    super(
      "summary",
      options,
      () => summaryLines(quantiles),
      (table, offset, now, info) =>
        new SummarySeries(table, offset, { ...shape, now, metric: info.name }),
    );
    this.#quantiles = quantiles.length;
  }

  /** Counts one observation in a summary without labels. */
  observe(value: number): void {
    this.single().observe(value);
  }

  startTimer(): () => number {
    return this.single().startTimer();
  }

  protected override part(): SeriesPart {
    const part = this.columns.snapshot();
    if (this.#quantiles === 0) return part;
    let start = 0;
    for (const series of this.columns) {
      part.values.set(series.currentQuantiles(), start);
      start += part.lines.length;
    }
    return part;
  }
}
