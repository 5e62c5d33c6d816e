import type { MetricFamily } from "@linklight/model";
import type { Remark } from "./finding.ts";
import { abbreviationIn, unitIn } from "./units.ts";

/** Every family says in its help text what it measures. */
export function* checkHelp({ name, help }: MetricFamily): Generator<Remark> {
  if (help !== "") return;
  yield {
    rule: "help",
    problem: "no help text",
    remedy: `add a line "# HELP ${name}" with a sentence that says what is measured`,
  };
}

/** Values are given in base units, so that nobody has to ask which prefix. */
export function* checkUnits({ name }: MetricFamily): Generator<Remark> {
  const found = unitIn(name);
  if (found !== undefined && found.unit !== found.base) {
    const renamed = name.replace(found.unit, found.base);
    yield {
      rule: "base-unit",
      problem: `use base unit "${found.base}" instead of "${found.unit}"`,
      remedy: `convert the values and rename it to ${renamed}`,
    };
  }
  const short = abbreviationIn(name);
  if (short !== undefined) {
    yield {
      rule: "unit-abbreviation",
      problem: "metric names should not contain abbreviated units",
      remedy: `write "${short.abbreviation}" out as a base unit, such as ${short.meaning}, and convert the values`,
    };
  }
}

/** `_total` tells counters from all else. */
export function* checkCounterSuffix({ name, type }: MetricFamily): Generator<Remark> {
  const hasSuffix = name.endsWith("_total");
  if (type === "counter" && !hasSuffix) {
    yield {
      rule: "counter-suffix",
      problem: 'counter metrics should have "_total" suffix',
      remedy: `rename it to ${name}_total`,
    };
  } else if (type !== "counter" && type !== "unknown" && hasSuffix) {
    yield {
      rule: "counter-suffix",
      problem: 'non-counter metrics should not have "_total" suffix',
      remedy: `if it only goes up, say "# TYPE ${name} counter"; otherwise rename it to ${name.slice(0, -"_total".length)}`,
    };
  }
}

/** `_bucket`, `_sum` and `_count` belong to histograms and summaries. */
export function* checkReservedSuffix({ name, type }: MetricFamily): Generator<Remark> {
  if (type === "unknown") return;
  const isHistogram = type === "histogram" || type === "gaugehistogram";
  const problem = (who: string, suffix: string): Remark => ({
    rule: "reserved-suffix",
    problem: `${who} metrics should not have "${suffix}" suffix`,
    remedy: `rename it: readers take ${name} for a part of a ${suffix === "_bucket" ? "histogram" : "histogram or summary"} ${name.slice(0, -suffix.length)}`,
  });
  if (!isHistogram && name.endsWith("_bucket")) yield problem("non-histogram", "_bucket");
  if (isHistogram || type === "summary") return;
  for (const suffix of ["_count", "_sum"])
    if (name.endsWith(suffix)) yield problem("non-histogram and non-summary", suffix);
}

const TYPE_WORDS = ["counter", "gauge", "summary", "histogram", "gauge_histogram"] as const;

/** The TYPE line says the type; a name that repeats it is longer, and wrong as soon as the type changes. */
export function* checkTypeInName({ name }: MetricFamily): Generator<Remark> {
  const bounded = `${name.toLowerCase()}_`;
  for (const word of TYPE_WORDS) {
    if (!bounded.includes(`_${word}_`)) continue;
    yield {
      rule: "type-in-name",
      problem: `metric name should not include type '${word}'`,
      remedy: "the TYPE line says what it is; leave the word out",
    };
  }
}

/** Colons are for the names of recording rules. */
export function* checkColon({ name }: MetricFamily): Generator<Remark> {
  if (!name.includes(":")) return;
  yield {
    rule: "colon",
    problem: "metric names should not contain ':'",
    remedy: `colons mark the results of recording rules; rename it to ${name.replaceAll(":", "_")}`,
  };
}

const CAMEL_CASE = /[a-z][A-Z]/;

/** Names of metrics and labels are written in snake_case. */
export function* checkSnakeCase({ name, metrics }: MetricFamily): Generator<Remark> {
  if (CAMEL_CASE.test(name)) {
    yield {
      rule: "snake-case",
      problem: "metric names should be written in 'snake_case' not 'camelCase'",
      remedy: `rename it to ${snakeCase(name)}`,
    };
  }
  for (const { labels } of metrics) {
    for (const [label] of labels) {
      if (!CAMEL_CASE.test(label)) continue;
      yield {
        rule: "snake-case",
        problem: "label names should be written in 'snake_case' not 'camelCase'",
        remedy: `rename the label ${label} to ${snakeCase(label)}`,
        labels,
        subject: label,
      };
    }
  }
}

/** `httpRequests` as `http_requests`. */
function snakeCase(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
