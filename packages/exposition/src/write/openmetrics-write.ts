import type { Exemplar, MetricFamilyInfo, MetricType } from "@linklight/model";
import { escapeLabelName, escapeMetricName, escapeQuoted } from "../escape.ts";
import type { Layout } from "../layout.ts";
import { formatOpenMetrics, NumberStyle } from "../number.ts";
import type { FamilyTable, Line, SeriesPart } from "../table.ts";
import { formatSeconds, isTimestamp } from "../timestamp.ts";
import { GAUGE_HISTOGRAM_TOTALS, HISTOGRAM_TOTALS, withInfiniteBucket } from "./histogram-lines.ts";
import { utf8AsLatin1 } from "./latin1.ts";
import { allowsExemplar, judge } from "./openmetrics-sound.ts";
import { escapeLabels, shownName, shownPairs } from "./prefix.ts";
import { makeRun, type Piece, type Run, type RunOptions } from "./run.ts";

// Values that are judged in one go, before the first of them is written.
const JUDGED_VALUES = 8192;

/** How a family is shown: its type, the name of its metadata, and the suffix that all its samples have. */
export interface Shown {
  readonly type: MetricType;
  readonly name: string;
  readonly suffix: "" | "_total" | "_info";
}

/**
 * An exposition in OpenMetrics 1.0. What this format forbids is left out, so that a strict reader accepts
 * the rest. A counter or info whose shorter name is another family's is shown as unknown, under its own
 * full name.
 */
export function* openMetricsPieces(
  tables: readonly FamilyTable[],
  layout: Layout,
): Generator<Piece> {
  for (const [table, shown] of shownFamilies(tables, layout)) {
    yield metadata(table, shown);
    for (const part of table.parts) yield* partRuns(shown, completed(table.type, part), layout);
  }
  yield "# EOF\n";
}

/** The families of one exposition, each with how it is shown beside the others. */
export function* shownFamilies<F extends MetricFamilyInfo>(
  families: readonly F[],
  layout: Layout,
): Generator<readonly [F, Shown]> {
  const owners = ownersOfNames(families, layout);
  for (const family of families) yield [family, shownAs(family, layout, owners)];
}

/**
 * By name, the family that a reader takes it for: of each family its full name and, but for counters and
 * infos, whose shorter names are still to be decided, the names of its samples.
 */
function ownersOfNames(families: readonly MetricFamilyInfo[], { escaping }: Layout): NameOwners {
  const owners: NameOwners = new Map();
  for (const family of families) {
    const full = escapeMetricName(family.name, escaping);
    const suffixes = SHORTENED[family.type] === undefined ? SAMPLE_SUFFIXES[family.type] : [""];
    for (const suffix of suffixes) owners.set(`${full}${suffix}`, family);
  }
  return owners;
}

type NameOwners = Map<string, MetricFamilyInfo>;

/** The suffix that samples have and the family's name has not. */
const SHORTENED: Readonly<Partial<Record<MetricType, "_total" | "_info">>> = {
  counter: "_total",
  info: "_info",
};

const SAMPLE_SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ["", "_total", "_created"],
  gauge: [""],
  histogram: ["", "_bucket", "_sum", "_count", "_created"],
  gaugehistogram: ["", "_bucket", "_gsum", "_gcount"],
  summary: ["", "_sum", "_count", "_created"],
  info: ["", "_info"],
  stateset: [""],
  unknown: [""],
};

function shownAs(family: MetricFamilyInfo, { escaping }: Layout, owners: NameOwners): Shown {
  const { type } = family;
  const full = escapeMetricName(family.name, escaping);
  const suffix = SHORTENED[type];
  if (suffix === undefined) {
    // The label of a state has the family's name, which as a label must not have a colon.
    const isLabel = type !== "stateset" || escapeLabelName(full, escaping) === full;
    return { type: isLabel ? type : "gauge", name: full, suffix: "" };
  }
  const isLong = full.endsWith(suffix) && full !== suffix;
  const short = isLong ? full.slice(0, -suffix.length) : full;
  const names = SAMPLE_SUFFIXES[type].map((s) => `${short}${s}`);
  if (names.some((name) => (owners.get(name) ?? family) !== family)) {
    return { type: "unknown", name: full, suffix: "" };
  }
  for (const name of names) owners.set(name, family);
  return { type, name: short, suffix };
}

/** HELP, TYPE and UNIT of a family, in latin1 form. */
export function metadata({ help, unit }: MetricFamilyInfo, { type, name }: Shown): string {
  const shown = shownName(name);
  let text = help === "" ? "" : `# HELP ${shown} ${escapeQuoted(help)}\n`;
  text += `# TYPE ${shown} ${type}\n`;
  const hasUnit = /^[a-zA-Z0-9_:]+$/.test(unit) && name.endsWith(`_${unit}`);
  if (hasUnit && type !== "info" && type !== "stateset") text += `# UNIT ${shown} ${unit}\n`;
  return utf8AsLatin1(text);
}

function completed(type: MetricType, part: SeriesPart): SeriesPart {
  if (type === "histogram") return withInfiniteBucket(part, HISTOGRAM_TOTALS);
  return type === "gaugehistogram" ? withInfiniteBucket(part, GAUGE_HISTOGRAM_TOTALS) : part;
}

/** The runs of a part: slices of it, and of a slice with forbidden values the series that share their sound lines. */
function* partRuns(shown: Shown, part: SeriesPart, layout: Layout): Generator<Run> {
  const isCreatedShown = SAMPLE_SUFFIXES[shown.type].includes("_created");
  const hasCreated = isCreatedShown && part.createdTimestamps !== undefined;
  const run = makeRun(part, layout, {
    ...sampleOptions(shown, part.lines, layout),
    ...(hasCreated && { createdName: `${shown.name}_created` }),
    ...exemplarsOf(shown.type, part, layout),
  });
  const judgeSeries = judge(shown.type, part);
  const all = [...part.lines.keys()];
  const created = hasCreated ? [part.lines.length] : [];
  const step = Math.max(1, Math.floor(JUDGED_VALUES / Math.max(1, part.lines.length)));
  for (let first = 0; first < part.size; first += step) {
    const last = Math.min(part.size, first + step);
    for (const { lines, series } of group(first, last, judgeSeries)) {
      const isWhole = series.length === last - first;
      yield {
        ...run,
        first,
        last,
        ...((hasCreated || lines.length !== all.length) && { lines: [...lines, ...created] }),
        ...(!isWhole && { series }),
      };
    }
  }
}

function group(
  first: number,
  last: number,
  judgeSeries: (series: number) => readonly number[],
): Iterable<{ readonly lines: readonly number[]; readonly series: number[] }> {
  const groups = new Map<string, { lines: readonly number[]; series: number[] }>();
  let lines: readonly number[] | undefined;
  let current: { lines: readonly number[]; series: number[] } | undefined;
  for (let series = first; series < last; series++) {
    const sound = judgeSeries(series);
    if (sound.length === 0) continue;
    if (sound !== lines || current === undefined) {
      lines = sound;
      const key = sound.join();
      current = groups.get(key) ?? { lines, series: [] };
      groups.set(key, current);
    }
    current.series.push(series);
  }
  return groups.values();
}

/** How the samples of a family are shown: their numbers, names, and the label of the lines that have one. */
export function sampleOptions(shown: Shown, lines: readonly Line[], layout: Layout): RunOptions {
  return {
    style: NumberStyle.OPENMETRICS,
    sampleName: (line) => `${shown.name}${shown.suffix}${line.suffix}`,
    ...labelOf(shown, lines, layout),
  };
}

/** The escaped label of the lines that have one: in a state set the family's name. */
function labelOf(
  { type, name }: Shown,
  lines: readonly Line[],
  layout: Layout,
): { label?: string } {
  if (type === "stateset") return { label: name };
  const label = lines.find((line) => line.label !== undefined)?.label;
  return label === undefined ? {} : { label: escapeLabelName(label, layout.escaping) };
}

function exemplarsOf(
  type: MetricType,
  { exemplars, lines }: SeriesPart,
  layout: Layout,
): Pick<Run, "exemplar"> {
  if (exemplars === undefined || exemplars.size === 0) return {};
  const exemplar = (index: number): string => {
    const found = exemplars.get(index);
    const line = lines[index % lines.length];
    if (found === undefined || line === undefined || !allowsExemplar(type, line, found)) return "";
    return exemplarText(found, layout);
  };
  return { exemplar };
}

function exemplarText({ labels, value, timestamp }: Exemplar, { escaping }: Layout): string {
  const pairs = shownPairs(escapeLabels(labels, escaping)).join(",");
  const time =
    timestamp !== undefined && isTimestamp(timestamp) ? ` ${formatSeconds(timestamp)}` : "";
  return utf8AsLatin1(` # {${pairs}} ${formatOpenMetrics(value)}${time}`);
}
