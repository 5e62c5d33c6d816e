import { Labels } from "@linklight/model";
import type { Layout } from "../layout.ts";
import { formatNumber, type NumberStyle } from "../number.ts";
import type { Line, SeriesPart } from "../table.ts";
import { type Head, PrefixRenderer } from "./prefix.ts";

/**
 * Lines of an exposition in text: of each series of a part some lines, with one number each.
 *
 * ```
 * prefix                                    number  timestamp or exemplar
 * rx_packets_total{portnum="1",speed="10"}  20      1395066363000
 * ```
 */
export interface Run {
  readonly part: SeriesPart;
  /**
   * Which of the part's lines, by position; the position behind the last stands for the created
   * timestamp. Left out for all lines without a created timestamp.
   */
  readonly lines?: readonly number[];
  /** The part's series from `first` to before `last`, by position … */
  readonly first: number;
  readonly last: number;
  /** … or these alone. */
  readonly series?: readonly number[];
  /** One head for each line of the part, and perhaps one for its created timestamp. */
  readonly renderer: PrefixRenderer;
  /** What is rendered so far, from the first series on: `renderer.heads.length` for each series. */
  readonly prefixes: string[];
  readonly style: NumberStyle;
  /** What stands behind the value with this index: an exemplar with a space before it, or nothing. */
  readonly exemplar?: (index: number) => string;
}

/** A piece of an exposition in text: metadata as they stand (in latin1 form), or a run. */
export type Piece = string | Run;

/** What {@link makeRun} leaves to its caller. */
export interface RunOptions extends Pick<Run, "lines" | "exemplar"> {
  readonly style: NumberStyle;
  /** The escaped name of a line's sample. */
  readonly sampleName: (line: Line) => string;
  /** The escaped label of all lines that have one. */
  readonly label?: string;
  /** The name of the line for created timestamps, where the format has one. */
  readonly createdName?: string;
}

/** A run over a part, with the prefixes that earlier writers rendered for the same layout and lines. */
export function makeRun(part: SeriesPart, layout: Layout, options: RunOptions): Run {
  const { style, sampleName, label, createdName, ...rest } = options;
  const heads = lineHeads(part.lines, options);
  if (createdName !== undefined) heads.push({ name: createdName });
  const { commonLabels = Labels.EMPTY } = part;
  const key =
    commonLabels.key + heads.map(({ name, value = "" }) => `\n${name}\n${value}`).join("");
  return {
    part,
    first: 0,
    last: part.size,
    renderer: new PrefixRenderer(heads, layout, commonLabels),
    prefixes: part.series.rendering(layout, key, heads.length),
    style,
    ...rest,
  };
}

/** What the lines of each series say besides the series' own labels. */
export function lineHeads(
  lines: readonly Line[],
  { style, sampleName, label }: Pick<RunOptions, "style" | "sampleName" | "label">,
): Head[] {
  return lines.map((line) => ({
    name: sampleName(line),
    ...(label !== undefined &&
      line.value !== undefined && { label, value: shown(line.value, style) }),
  }));
}

function shown(value: string | number, style: NumberStyle): string {
  return typeof value === "number" ? formatNumber(value, style) : value;
}
