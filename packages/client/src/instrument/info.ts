import { ONE_LINE } from "../family/lines.ts";
import type { LabelsOf } from "../family/series-family.ts";
import { Series } from "../family/series-table.ts";
import { Instrument, type InstrumentOptions } from "./instrument.ts";

/** One series of an {@link Info}: its value is always 1. */
export class InfoSeries extends Series {}

/**
 * Facts as labels of a series whose value is 1: a version, a model, a serial number.
 *
 * ```ts
 * const build = new Info({ name: "linklight_build_info", help: "What runs here", labelNames: ["version"] });
 * build.set({ version: "0.1.0" });             // linklight_build_info{version="0.1.0"} 1
 * ```
 */
export class Info<L extends string = never> extends Instrument<L, InfoSeries> {
  constructor(options: InstrumentOptions<L>) {
    super(
      "info",
      options,
      () => ONE_LINE,
      (table, offset) => {
        table.values[offset] = 1;
        return new InfoSeries(table, offset);
      },
    );
  }

  /** Shows these facts, instead of all shown before. */
  set(facts: LabelsOf<L>): void {
    this.clear();
    this.labels(facts);
  }
}
