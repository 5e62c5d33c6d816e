import type { Line } from "@linklight/exposition";
import type { MetricFamilyInfo, MetricType } from "@linklight/model";
import type { FamilyOptions } from "../family/options.ts";
import { type LabelsOf, type LabelValue, SeriesFamily } from "../family/series-family.ts";
import type { Series, SeriesTable, TableSource } from "../family/series-table.ts";

/** Options of every instrument. */
export interface InstrumentOptions<L extends string = never> extends FamilyOptions<L> {
  /** Registers the new instrument at once. */
  readonly registry?: { register(instrument: TableSource): unknown };
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * A metric that a program updates while it runs, as opposed to a collector, which looks when asked.
 * Without label names it has one series, exposed from the start; with label names `labels(…)` gives
 * the child for those values, the same object each time.
 */
export abstract class Instrument<L extends string, S extends Series> extends SeriesFamily<L, S> {
  readonly now: () => number;
  readonly #single: S | undefined;

  constructor(
    type: MetricType,
    options: InstrumentOptions<L>,
    linesOf: (info: MetricFamilyInfo) => readonly Line[],
    make: (
      table: SeriesTable<Series>,
      offset: number,
      now: () => number,
      info: MetricFamilyInfo,
    ) => S,
  ) {
    const now = options.now ?? Date.now;
    let info: MetricFamilyInfo | undefined;
    super(
      type,
      options,
      (checked) => {
        info = checked;
        return linesOf(checked);
      },
      (table, offset) => make(table, offset, now, info as MetricFamilyInfo),
    );
    this.now = now;
    if (this.labelNames.length === 0) this.#single = this.atValues([]);
    options.registry?.register(this);
  }

  /** The child with these labels: by name, or by value in the order of `labelNames`. Throws TypeError when they are not the declared ones. */
  labels(labels: LabelsOf<L>): S;
  labels(...values: readonly LabelValue[]): S;
  labels(...given: readonly (LabelsOf<L> | LabelValue)[]): S {
    const [first] = given;
    if (given.length === 1 && typeof first === "object" && first !== null) return this.at(first);
    return this.atValues(given as readonly LabelValue[]);
  }

  /** The one series of an instrument without labels. */
  protected single(): S {
    if (this.#single === undefined) {
      throw new TypeError(
        `metric ${this.name}: it has the labels ${this.labelNames.join(", ")}: choose a series with labels({ … }) first`,
      );
    }
    return this.#single.isRemoved ? this.atValues([]) : this.#single;
  }

  /** Removes all series; one without labels starts again at zero. */
  override clear(): void {
    super.clear();
    if (this.labelNames.length === 0) this.atValues([]);
  }
}
