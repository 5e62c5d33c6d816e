import type { Exemplar, Labels, MetricFamilyInfo, NativeHistogram } from "@linklight/model";
import type { Layout } from "./layout.ts";

/**
 * One line that each series of a {@link SeriesPart} prints in the text formats: what follows the metric
 * name, and the label beside the series' own. A number is printed in the number style of the format.
 *
 * | family | lines |
 * |---|---|
 * | counter, gauge, info, unknown | `{ suffix: "" }` |
 * | histogram | `{ suffix: "_bucket", label: "le", value: 0.5 }` …, `_sum`, `_count` |
 * | gauge histogram | the same with `_gsum`, `_gcount` |
 * | summary | `{ suffix: "", label: "quantile", value: 0.99 }` …, `_sum`, `_count` |
 * | state set | `{ suffix: "", label: <family name>, value: "UP" }` … |
 */
export interface Line {
  readonly suffix: string;
  readonly label?: string;
  readonly value?: string | number;
}

/**
 * Series of one family that print the same lines: identities, and columns of numbers beside them.
 *
 * ```
 * series   a                 b
 * lines    le=1  le=+Inf sum count   le=1 le=+Inf sum count
 * values   0     1       2   3       4    5       6   7        values[series * lines.length + line]
 * ```
 * A part is a snapshot: nobody changes `values` after it was handed over. Bucket counts are cumulative.
 */
export interface SeriesPart {
  readonly lines: readonly Line[];
  /** May grow after the snapshot was taken: only the first `size` belong to it. */
  readonly series: SeriesList;
  readonly size: number;
  readonly values: Float64Array;
  /** Labels added to every series, below the series' own. */
  readonly commonLabels?: Labels;
  /** By series, milliseconds; NaN for none. */
  readonly timestamps?: Float64Array;
  /** By series, milliseconds; NaN for none. */
  readonly createdTimestamps?: Float64Array;
  /** By index into `values`. */
  readonly exemplars?: ReadonlyMap<number, Exemplar>;
  /** By series: the native histogram beside, or instead of, the classic lines. */
  readonly natives?: readonly (NativeHistogram | undefined)[];
  /** By series: exemplars of its native buckets. */
  readonly nativeExemplars?: readonly (readonly Exemplar[] | undefined)[];
}

/** A metric family ready for a writer: what it says of itself, and its series in one or several parts. */
export interface FamilyTable extends MetricFamilyInfo {
  readonly parts: readonly SeriesPart[];
}

// A target is scraped in one or two formats; more renderings would only cost memory.
const MAX_RENDERINGS = 3;

/** What a writer rendered of the series of a list. */
interface Rendering {
  readonly layout: Layout;
  readonly key: string;
  /** How many prefixes each series has. */
  readonly perSeries: number;
  /** Those of the first series, then of the second …, as far as they were needed. */
  readonly prefixes: string[];
}

/**
 * The label sets of the series of a part, and what writers rendered of them, once: the bytes before
 * each number. Grows at the end only; removing a series makes a new list.
 */
export class SeriesList {
  readonly labels: Labels[];
  readonly #renderings: Rendering[] = [];

  constructor(labels: Labels[] = []) {
    this.labels = labels;
  }

  /**
   * The prefixes for a layout and a key (the family's name and lines), `perSeries` of each series, at most
   * {@link MAX_RENDERINGS} such lists. The writer appends what is missing.
   */
  rendering(layout: Layout, key: string, perSeries: number): string[] {
    const found = this.#renderings.find((r) => r.layout === layout && r.key === key);
    if (found !== undefined) return found.prefixes;
    const made = { layout, key, perSeries, prefixes: [] };
    if (this.#renderings.length === MAX_RENDERINGS) this.#renderings.shift();
    this.#renderings.push(made);
    return made.prefixes;
  }

  /** A new list with the series in these positions, which ascend. What was rendered of them is kept. */
  pick(positions: readonly number[]): SeriesList {
    const picked = new SeriesList(positions.map((i) => this.labels[i] as Labels));
    for (const { prefixes, ...rendering } of this.#renderings) {
      picked.#renderings.push({
        ...rendering,
        prefixes: pickGroups(prefixes, rendering.perSeries, positions),
      });
    }
    return picked;
  }
}

/** Of groups of equal size those in some ascending positions, up to the first that is not there. */
function pickGroups(
  texts: readonly string[],
  size: number,
  positions: readonly number[],
): string[] {
  const picked: string[] = [];
  for (const position of positions) {
    const start = position * size;
    if (start + size > texts.length) break;
    for (let i = start; i < start + size; i++) picked.push(texts[i] as string);
  }
  return picked;
}
