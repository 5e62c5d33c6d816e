import type { MetricType } from "@linklight/model";
import { escapeHelp, escapeLabelName, escapeMetricName } from "../escape.ts";
import type { Layout } from "../layout.ts";
import { effectiveEscaping } from "../negotiate.ts";
import { NumberStyle } from "../number.ts";
import type { FamilyTable, SeriesPart } from "../table.ts";
import { GAUGE_HISTOGRAM_TOTALS, HISTOGRAM_TOTALS, withInfiniteBucket } from "./histogram-lines.ts";
import { utf8AsLatin1 } from "./latin1.ts";
import { shownName } from "./prefix.ts";
import { makeRun, type Piece, type Run } from "./run.ts";

// The text formats know five types; the others are shown as client_python shows them.
const TYPE_WORDS: Readonly<Record<MetricType, string>> = {
  counter: "counter",
  gauge: "gauge",
  histogram: "histogram",
  gaugehistogram: "histogram",
  summary: "summary",
  info: "gauge",
  stateset: "gauge",
  unknown: "untyped",
};

/**
 * An exposition in text 0.0.4 or 1.0.0, which differ in the escaping of names only.
 *
 * The buckets of a gauge histogram are shown as a histogram; its `_gsum` and `_gcount`, which no
 * histogram of these formats has, as two gauges behind it.
 */
export function* textPieces(tables: Iterable<FamilyTable>, layout: Layout): Generator<Piece> {
  for (const table of tables) {
    if (table.type === "gaugehistogram") {
      yield* gaugeHistogramPieces(table, layout);
    } else {
      yield metadata(table, layout, "", TYPE_WORDS[table.type]);
      for (const part of completed(table)) yield textRun(table, part, layout);
    }
  }
}

function* gaugeHistogramPieces(table: FamilyTable, layout: Layout): Generator<Piece> {
  const parts = completed(table);
  const { sum, count } = GAUGE_HISTOGRAM_TOTALS;
  for (const [suffix, type, family] of [
    ["_bucket", "histogram", ""],
    [count, "gauge", count],
    [sum, "gauge", sum],
  ] as const) {
    const runs = parts.flatMap((part) => {
      const lines = [...part.lines.keys()].filter((i) => part.lines[i]?.suffix === suffix);
      return lines.length === 0 ? [] : [textRun(table, part, layout, lines)];
    });
    if (runs.length > 0 || family === "") yield metadata(table, layout, family, type);
    yield* runs;
  }
}

function completed({ type, parts }: FamilyTable): readonly SeriesPart[] {
  if (type === "histogram") return parts.map((part) => withInfiniteBucket(part, HISTOGRAM_TOTALS));
  if (type !== "gaugehistogram") return parts;
  return parts.map((part) => withInfiniteBucket(part, GAUGE_HISTOGRAM_TOTALS));
}

function metadata(table: FamilyTable, layout: Layout, suffix: string, type: string): string {
  const name = shownName(`${metricName(table, layout)}${suffix}`);
  const help = table.help === "" ? "" : `# HELP ${name} ${escapeHelp(table.help)}\n`;
  return utf8AsLatin1(`${help}# TYPE ${name} ${type}\n`);
}

function metricName(table: FamilyTable, { format, escaping }: Layout): string {
  return escapeMetricName(table.name, effectiveEscaping(format, escaping));
}

function textRun(
  table: FamilyTable,
  part: SeriesPart,
  layout: Layout,
  lines?: readonly number[],
): Run {
  const name = metricName(table, layout);
  const label = part.lines.find((line) => line.label !== undefined)?.label;
  return makeRun(part, layout, {
    style: NumberStyle.GO,
    sampleName: (line) => `${name}${line.suffix}`,
    ...(label !== undefined && {
      label: escapeLabelName(label, effectiveEscaping(layout.format, layout.escaping)),
    }),
    ...(lines !== undefined && { lines }),
  });
}
