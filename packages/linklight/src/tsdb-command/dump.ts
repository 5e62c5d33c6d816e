import { once } from "node:events";
import process from "node:process";
import { isStaleMarker, type Labels, type Matcher, METRIC_NAME } from "@linklight/model";
import { formatGoFloat, goQuote, SampleColumns } from "@linklight/promql";
import type { DbReader, ReadableSeries } from "@linklight/tsdb";
import { withDirectory } from "./open-directory.ts";
import { readSelector } from "./selectors.ts";

/** The flags of `tsdb dump` and `tsdb dump-openmetrics`. */
export interface DumpFlags {
  readonly minTime: number;
  readonly maxTime: number;
  readonly match?: readonly string[];
}

/** Prints every sample, a line each, as promtool does: label set, value, time in ms. */
export async function dump(directory: string, flags: DumpFlags): Promise<void> {
  await dumpLines(directory, flags, (labels) => {
    const name = bracedLabels(labels);
    return (timestamp, value) => `${name} ${formatGoFloat(value)} ${timestamp}\n`;
  });
}

/** Prints every sample in OpenMetrics, but for staleness markers, which it cannot say. */
export async function dumpOpenMetrics(directory: string, flags: DumpFlags): Promise<void> {
  await dumpLines(directory, flags, (labels) => {
    const name = openMetricsName(labels);
    return (timestamp, value) =>
      isStaleMarker(value)
        ? ""
        : `${name} ${formatGoFloat(value)} ${(timestamp / 1000).toFixed(3)}\n`;
  });
  process.stdout.write("# EOF\n");
}

type LineWriter = (timestamp: number, value: number) => string;

async function dumpLines(
  directory: string,
  { minTime, maxTime, match = [] }: DumpFlags,
  writerOf: (labels: Labels) => LineWriter,
): Promise<void> {
  const selectors = match.map(readSelector);
  await withDirectory(directory, async (reader) => {
    const samples = new SampleColumns();
    for (const series of await selected(reader, selectors, minTime, maxTime)) {
      samples.clear();
      series.read(samples, minTime, maxTime);
      const write = writerOf(series.labels);
      let text = "";
      for (let i = 0; i < samples.length; i++)
        text += write(samples.timestamps[i] as number, samples.values[i] as number);
      if (!process.stdout.write(text)) await once(process.stdout, "drain");
    }
  });
}

/** The series of any of the selectors, each once, in the order of their labels. */
async function selected(
  reader: DbReader,
  selectors: readonly (readonly Matcher[])[],
  minTime: number,
  maxTime: number,
): Promise<readonly ReadableSeries[]> {
  const asked = selectors.length === 0 ? [[]] : selectors;
  const answers: (readonly ReadableSeries[])[] = [];
  for (const matchers of asked)
    answers.push((await reader.select({ matchers, minTime, maxTime })).series);
  if (answers.length === 1) return answers[0] as readonly ReadableSeries[];
  const byLabels = new Map(answers.flat().map((series) => [series.labels.key, series]));
  return [...byLabels.values()].sort((a, b) => a.labels.compare(b.labels));
}

function bracedLabels(labels: Labels): string {
  return `{${Array.from(labels, ([name, value]) => `${quotedName(name)}=${goQuote(value)}`).join(", ")}}`;
}

function openMetricsName(labels: Labels): string {
  const rest = labels.without(METRIC_NAME);
  const name = labels.get(METRIC_NAME);
  const pairs = Array.from(rest, ([label, value]) => `${label}=${goQuote(value)}`);
  return `${name}{${pairs.join(",")}}`;
}

function quotedName(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : goQuote(name);
}
