import process from "node:process";
import { METRIC_NAME } from "@linklight/model";
import type { Block } from "@linklight/tsdb";
import { CommandFailure } from "../failure.ts";
import { chunkStatistics } from "./chunk-statistics.ts";
import { goDuration } from "./go-times.ts";
import { withDirectory } from "./open-directory.ts";
import { readSelector } from "./selectors.ts";

/** The flags of `tsdb analyze`. */
export interface AnalyzeFlags {
  readonly limit: number;
  readonly match?: string;
  readonly extended?: boolean;
}

/** Prints what promtool says of a block's labels. */
export async function analyze(
  directory: string,
  ulid: string | undefined,
  flags: AnalyzeFlags,
): Promise<void> {
  const matchers = flags.match === undefined ? [] : readSelector(flags.match);
  await withDirectory(directory, ({ blocks }) => {
    const block =
      ulid === undefined ? blocks.at(-1) : blocks.find(({ meta }) => meta.ulid === ulid);
    if (block === undefined)
      throw new CommandFailure(
        ulid === undefined ? `no blocks found in ${directory}` : `invalid block ID ${ulid}`,
      );
    const counts = countLabels(block, matchers);
    process.stdout.write(report(block, counts, flags));
    if (flags.extended === true)
      process.stdout.write(`\nCompaction analysis:\n${chunkStatistics(block)}`);
  });
}

/** How often names and pairs occur, and for how much of the block their series are not there, in ms. */
interface LabelCounts {
  series: number;
  readonly pairs: Map<string, number>;
  readonly uncoveredPairs: Map<string, number>;
  readonly uncoveredNames: Map<string, number>;
  readonly valuesOf: Map<string, Set<string>>;
  readonly metricNames: Map<string, number>;
  entries: number;
}

function countLabels(block: Block, matchers: Parameters<Block["seriesOf"]>[0]): LabelCounts {
  const counts: LabelCounts = {
    series: 0,
    pairs: new Map(),
    uncoveredPairs: new Map(),
    uncoveredNames: new Map(),
    valuesOf: new Map(),
    metricNames: new Map(),
    entries: 0,
  };
  const { minTime, maxTime } = block.meta;
  for (const { labels, chunks } of block.seriesOf(matchers)) {
    counts.series++;
    const covered = (chunks.at(-1)?.maxTime ?? minTime) - (chunks[0]?.minTime ?? minTime);
    const uncovered = maxTime - minTime - covered;
    for (const [name, value] of labels) {
      counts.entries++;
      const pair = `${name}=${value}`;
      count(counts.pairs, pair, 1);
      count(counts.uncoveredPairs, pair, uncovered);
      count(counts.uncoveredNames, name, uncovered);
      const values = counts.valuesOf.get(name) ?? new Set<string>();
      counts.valuesOf.set(name, values.add(value));
      if (name === METRIC_NAME) count(counts.metricNames, value, 1);
    }
  }
  return counts;
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function report(block: Block, counts: LabelCounts, { limit, match }: AnalyzeFlags): string {
  const { meta } = block;
  const duration = meta.maxTime - meta.minTime;
  const whole = (values: Map<string, number>): Map<string, number> =>
    new Map(Array.from(values, ([key, value]) => [key, Math.floor(value / duration)]));
  const perName = (of: (values: Set<string>) => number): Map<string, number> =>
    new Map(Array.from(counts.valuesOf, ([name, values]) => [name, of(values)]));
  const lists: readonly (readonly [title: string, counts: Map<string, number>])[] = [
    ["Label pairs most involved in churning", whole(counts.uncoveredPairs)],
    ["Label names most involved in churning", whole(counts.uncoveredNames)],
    ["Most common label pairs", counts.pairs],
    [
      "Label names with highest cumulative label value length",
      perName((values) => [...values].reduce((sum, value) => sum + Buffer.byteLength(value), 0)),
    ],
    ["Highest cardinality labels", perName((values) => values.size)],
    ["Highest cardinality metric names", counts.metricNames],
  ];
  const head = [
    `Block ID: ${meta.ulid}`,
    `Duration: ${goDuration(duration)}`,
    `Total Series: ${meta.stats.numSeries}`,
    ...(match === undefined ? [] : [`Matcher: ${match}`]),
    `Label names: ${counts.valuesOf.size}`,
    ...(match === undefined ? [] : [`Matched series: ${counts.series}`]),
    `Postings (unique label pairs): ${counts.pairs.size}`,
    `Postings entries (total label pairs): ${counts.entries}`,
  ];
  const parts = lists.map(([title, values]) => `\n${title}:\n${top(values, limit)}`);
  return `${head.join("\n")}\n${parts.join("")}`;
}

/** The largest first; promtool leaves the order of equals to chance, here they are sorted by name. */
function top(counts: Map<string, number>, limit: number): string {
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([key, value]) => `${value} ${key}\n`)
    .join("");
}
