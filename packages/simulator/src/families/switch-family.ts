import type { Fabric, Switch } from "../fabric/fabric.ts";
import type { SwitchReading } from "./switch-reading.ts";

/**
 * Terms
 *   native family   one of the `switch_…` metric families: the same for every switch
 *   detail          how much of a switch is shown
 *   dense           every series has a number at every moment; switches of a profile have the same ones
 *   sparse          series come and go; switches of a profile have them among the same ones
 *   own             the labels are texts of one switch, such as the names of its neighbours; may come and go
 */

/**
 * How much of a switch is shown. With `normal`, idle queues and the sizes of frames are left out, and what
 * only the ports to more of the network are watched for is shown of uplinks alone; with `full`, nothing is.
 */
export type Detail = "normal" | "full";

/** The words of {@link Detail}. */
export const DETAILS: readonly Detail[] = ["normal", "full"];

/** What a native family says of itself. */
interface FamilyHead {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** What of it is made once for all switches of a profile. */
  readonly spread: "dense" | "sparse" | "own";
}

/** The labels of a series: a value for each name that its family declares. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** A series of one number. */
export interface NumberSource {
  readonly labels: SeriesLabels;
  /** Its value in a reading; undefined, never in a dense family, while there is no such series. */
  read(reading: SwitchReading): number | undefined;
}

/** A histogram of a series: how many fell into each bucket alone, and their sum. */
export interface HistogramReading {
  readonly counts: readonly number[];
  readonly sum: number;
}

/** A series that is a histogram. */
export interface HistogramSource {
  readonly labels: SeriesLabels;
  read(reading: SwitchReading): HistogramReading;
}

/** A native family of one number a series. The value of an info is 1. */
export interface NumberFamilySource extends FamilyHead {
  readonly type: "counter" | "gauge" | "info";
  /** The series of a switch, in the order of the page: all that there ever are. */
  series(node: Switch, detail: Detail, fabric: Fabric): readonly NumberSource[];
}

/** A native family of histograms. */
export interface HistogramFamilySource extends FamilyHead {
  readonly type: "histogram";
  /** Upper bounds of the buckets; +Inf follows. */
  readonly buckets: readonly number[];
  series(node: Switch, detail: Detail, fabric: Fabric): readonly HistogramSource[];
}

/**
 * A native family: what it says of itself, its series on a switch, and where their numbers stand in a
 * reading. Live pages and histories are both made from these.
 */
export type NativeFamily = NumberFamilySource | HistogramFamilySource;

/** How a native family of numbers is written down: {@link NumberFamilySource} with defaults. */
type NumberFamilyOptions = Pick<NumberFamilySource, "type" | "name" | "help" | "series"> & {
  readonly labelNames?: readonly string[];
  readonly spread?: NumberFamilySource["spread"];
};

/** A family of numbers: dense, and without labels, unless it says otherwise. */
export function numbers(options: NumberFamilyOptions): NumberFamilySource {
  return { labelNames: [], spread: "dense", ...options };
}
