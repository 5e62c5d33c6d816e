import { compareUtf8 } from "@linklight/model";
import { formatFixed, goQuote } from "@linklight/promql";
import type {
  ApiHistogram,
  ApiHistogramPoint,
  ApiPoint,
  ApiSample,
  ApiSeries,
  ApiValue,
} from "./prometheus-query.ts";

/** For people, or for programs. */
export type OutputFormat = "promql" | "json";

/** What promtool prints of a query's answer, byte for byte, without the line feed behind it. */
export function printValue(value: ApiValue, format: OutputFormat): string {
  return format === "json" ? printJson(value) : printText(value);
}

function printText(value: ApiValue): string {
  switch (value.resultType) {
    case "scalar":
      return `scalar: ${numberText(value.result[1])} @[${timeText(value.result[0])}]`;
    case "string":
      return value.result[1];
    case "vector":
      return value.result.map(sampleText).join("\n");
    case "matrix":
      return [...value.result].sort(compareMetrics).map(seriesText).join("\n");
  }
}

function sampleText({ metric, value, histogram }: ApiSample): string {
  const point =
    histogram === undefined
      ? pointText(value ?? [0, "NaN"])
      : `${histogramText(histogram[1])} @[${timeText(histogram[0])}]`;
  return `${metricText(metric)} => ${point}`;
}

function seriesText({ metric, values = [], histograms = [] }: ApiSeries): string {
  const points = [
    ...values.map(pointText),
    ...histograms.map(([time, value]) => `${histogramText(value)} @[${timeText(time)}]`),
  ];
  return `${metricText(metric)} =>\n${points.join("\n")}`;
}

function pointText([time, value]: ApiPoint): string {
  return `${numberText(value)} @[${timeText(time)}]`;
}

// `Count: 3.000000, Sum: 7.000000, Buckets: [(1,2]:3]`
function histogramText({ count, sum, buckets = [] }: ApiHistogram): string {
  const list = buckets.map(([rule, lower, upper, held]) => {
    const opening = rule === 1 || rule === 3 ? "[" : "(";
    const closing = rule === 0 || rule === 3 ? "]" : ")";
    return `${opening}${numberText(lower)},${numberText(upper)}${closing}:${numberText(held)}`;
  });
  const [total, size] = [count, sum].map((text) => sixDecimals(numberOf(text)));
  return `Count: ${total}, Sum: ${size}, Buckets: [${list.join(" ")}]`;
}

function sixDecimals(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e21 ? value.toFixed(6) : formatFixed(value);
}

/** `name{a="b"}`, with labels sorted as they are written. */
function metricText(metric: Readonly<Record<string, string>>): string {
  const { __name__: name = "", ...others } = metric;
  const labels = Object.entries(others).map(([label, value]) => `${label}=${goQuote(value)}`);
  if (labels.length === 0) return "__name__" in metric ? name : "{}";
  return `${name}{${labels.sort(compareUtf8).join(", ")}}`;
}

/** promtool's order of series: those with fewer labels first, then by the first label that differs. */
function compareMetrics(a: ApiSeries, b: ApiSeries): number {
  const [x, y] = [a.metric, b.metric];
  const difference = Object.keys(x).length - Object.keys(y).length;
  if (difference !== 0) return difference;
  const names = [...new Set([...Object.keys(x), ...Object.keys(y)])].sort(compareUtf8);
  for (const name of names) {
    const [left, right] = [x[name], y[name]];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    const order = compareUtf8(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

function printJson({ resultType, result }: ApiValue): string {
  return escapeHtml(json(resultType, result));
}

function json(type: ApiValue["resultType"], result: ApiValue["result"]): string {
  if (type === "string") return JSON.stringify(result);
  if (type === "scalar") return pointJson(result as ApiPoint);
  return listOf(result as readonly (ApiSample & ApiSeries)[], (series) => {
    const { metric, value, values, histogram, histograms } = series;
    const fields = [`"metric":${metricJson(metric)}`];
    if (value !== undefined) fields.push(`"value":${pointJson(value)}`);
    if (values !== undefined) fields.push(`"values":${listOf(values, pointJson)}`);
    if (histogram !== undefined) fields.push(`"histogram":${histogramPointJson(histogram)}`);
    if (histograms !== undefined)
      fields.push(`"histograms":${listOf(histograms, histogramPointJson)}`);
    return `{${fields.join(",")}}`;
  });
}

function listOf<T>(list: readonly T[], write: (each: T) => string): string {
  return `[${list.map(write).join(",")}]`;
}

function pointJson([time, value]: ApiPoint): string {
  return `[${timeText(time)},"${numberText(value)}"]`;
}

function histogramPointJson([time, { count, sum, buckets }]: ApiHistogramPoint): string {
  const list = buckets?.map(
    ([rule, ...numbers]) => `[${rule},${numbers.map((text) => `"${numberText(text)}"`).join(",")}]`,
  );
  const tail = list === undefined ? "" : `,"buckets":[${list.join(",")}]`;
  return `[${timeText(time)},{"count":"${numberText(count)}","sum":"${numberText(sum)}"${tail}}]`;
}

// Not an object: JavaScript would put names that are numbers first.
function metricJson(metric: Readonly<Record<string, string>>): string {
  const names = Object.keys(metric).sort(compareUtf8);
  const pairs = names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(metric[name])}`);
  return `{${pairs.join(",")}}`;
}

// As Go's encoder, for whom JSON may stand in a page.
function escapeHtml(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function timeText(seconds: number): string {
  return formatFixed(Math.round(seconds * 1000) / 1000);
}

function numberText(text: string): string {
  return formatFixed(numberOf(text));
}

function numberOf(text: string): number {
  const infinity = /^([+-]?)Inf$/.exec(text);
  if (infinity !== null) return infinity[1] === "-" ? -Infinity : Infinity;
  return Number(text);
}
