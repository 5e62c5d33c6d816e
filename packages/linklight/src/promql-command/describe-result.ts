import { formatDuration } from "@linklight/model";
import {
  type InstantQuery,
  type QueryResult,
  type RangeQuery,
  renderAnnotation,
} from "@linklight/promql";

/** Says in a line or two what was asked of how many samples, what came out, and the remarks about it. */
export function describeResult(
  asked: InstantQuery | RangeQuery,
  { value, annotations }: QueryResult,
  samples: number,
): string {
  const lines = [`${valueText(value)} ${timesText(asked)}, from ${counted(samples, "sample")}`];
  for (const annotation of annotations) lines.push(renderAnnotation(annotation, asked.query));
  return `${lines.join("\n")}\n`;
}

function valueText(value: QueryResult["value"]): string {
  switch (value.type) {
    case "scalar":
      return `the number ${value.value}`;
    case "string":
      return `the text ${JSON.stringify(value.value)}`;
    case "vector":
      return counted(value.samples.length, "series");
    case "matrix":
      return counted(value.series.length, "series");
  }
}

function timesText(asked: InstantQuery | RangeQuery): string {
  if ("timeMs" in asked) return `at ${timeText(asked.timeMs)}`;
  const { startMs, endMs, stepMs } = asked;
  return `from ${timeText(startMs)} to ${timeText(endMs)}, every ${formatDuration(stepMs)}`;
}

function timeText(ms: number): string {
  // Dates end somewhere, seconds do not.
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms / 1000);
}

function counted(count: number, what: "sample" | "series"): string {
  return `${count} ${what === "sample" && count !== 1 ? "samples" : what}`;
}
