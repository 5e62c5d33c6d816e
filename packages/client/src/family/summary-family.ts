import { checkQuantiles, summaryLines } from "./lines.ts";
import { applyOptions, type ValueOptions } from "./number-family.ts";
import type { FamilyOptions } from "./options.ts";
import { type LabelsOf, SeriesFamily } from "./series-family.ts";
import { Series } from "./series-table.ts";

/** Options of a {@link SummaryFamily}. */
export interface SummaryFamilyOptions<L extends string = string> extends FamilyOptions<L> {
  /** Which quantiles each summary has, ascending; none by default. */
  readonly quantiles?: readonly number[];
}

/** What a collector knows of one summary. */
export interface SummaryValue {
  readonly sum: number;
  readonly count: number;
  /** One value for each quantile declared. */
  readonly values?: readonly number[];
}

/** The handle of one summary that a collector keeps. */
export class SummaryHandle extends Series {
  /** Sets what the next collection shows. Throws RangeError when the number of values is not that of the quantiles. */
  set({ sum, count, values = [] }: SummaryValue, options?: Omit<ValueOptions, "exemplar">): void {
    const quantiles = this.table.lines.length - 2;
    if (values.length !== quantiles)
      throw new RangeError(
        `metric ${this.table.metric}: expected ${quantiles} quantile values, got ${values.length}`,
      );
    [...values, sum, count].forEach((number, i) => {
      this.table.values[this.offset + i] = number;
    });
    applyOptions(this, options, 0, 0);
  }
}

/** Summaries that a collector read elsewhere: sum, count and quantiles computed there. */
export class SummaryFamily<L extends string = never> extends SeriesFamily<L, SummaryHandle> {
  constructor(options: SummaryFamilyOptions<L>) {
    const quantiles = checkQuantiles(options.name, options.quantiles ?? []);
    super(
      "summary",
      options,
      () => summaryLines(quantiles),
      (table, offset) => new SummaryHandle(table, offset),
    );
  }

  /** The handle of the summary with these labels, to be kept by a collector that keeps its family too. */
  series(labels: LabelsOf<L>): SummaryHandle {
    return this.at(labels);
  }

  /** Adds a summary, in a family made afresh in each collection. Throws TypeError when the labels repeat. */
  add(labels: LabelsOf<L>, value: SummaryValue, options?: Omit<ValueOptions, "exemplar">): this {
    this.addNew(labels).set(value, options);
    return this;
  }
}
