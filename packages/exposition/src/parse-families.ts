import type { MetricFamily } from "@linklight/model";
import type { ExpositionError, ExpositionFormat } from "./entry-parser.ts";
import { OpenMetricsFamilies } from "./families/openmetrics-families.ts";
import { ProblemList } from "./families/problem-list.ts";
import { ProtobufFamilies } from "./families/protobuf-families.ts";
import { TextFamilies } from "./families/text-families.ts";

/** What {@link checkFamilies} found: the families as far as they could be read, and all that is wrong. */
export interface CheckedFamilies {
  readonly families: readonly MetricFamily[];
  /** In the order of the input, at most 100. Empty exactly when {@link parseFamilies} would not throw. */
  readonly problems: readonly ExpositionError[];
}

/**
 * Reads a whole exposition into metric families, with the strictness of its format: text as Prometheus'
 * `promtool check metrics`, and beyond it each family in one piece and each series once; OpenMetrics as
 * the specification 1.0. Throws the first ExpositionError of {@link checkFamilies}.
 */
export function parseFamilies(
  format: ExpositionFormat,
  input: Uint8Array | string,
): MetricFamily[] {
  const { families, problems } = checkFamilies(format, input);
  if (problems[0] !== undefined) throw problems[0];
  return [...families];
}

/** Reads a whole exposition and reports everything that {@link parseFamilies} would throw for. */
export function checkFamilies(
  format: ExpositionFormat,
  input: Uint8Array | string,
): CheckedFamilies {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const problems = new ProblemList();
  const families = read(format, bytes, problems);
  return { families, problems: problems.problems };
}

function read(format: ExpositionFormat, bytes: Uint8Array, problems: ProblemList): MetricFamily[] {
  switch (format) {
    case "text-0.0.4":
    case "text-1.0.0":
      return new TextFamilies(bytes, problems).read();
    case "openmetrics-1.0.0":
      return new OpenMetricsFamilies(bytes, problems).read();
    case "protobuf":
      return new ProtobufFamilies(bytes, problems).read();
  }
}
