import {
  isLegacyLabelName,
  isValidName,
  type Labels,
  METRIC_TYPES,
  type Metric,
  type MetricFamily,
  type MetricType,
  nativeHistogramProblem,
} from "@linklight/model";
import { checkExemplarLabels } from "../family/exemplar.ts";
import { checkMetricName, reservedLabel } from "../family/options.ts";

/**
 * Throws TypeError for a plain metric family that no format could show, or that would spoil the page for
 * others: a bad name, an unknown type, metrics of another type, labels that are not a label set, an unsound
 * native histogram. `utf8` allows names beyond the old character set.
 */
export function checkPlainFamily(family: MetricFamily, utf8: boolean): void {
  checkMetricName(family.name, utf8);
  if (!METRIC_TYPES.includes(family.type))
    throw new TypeError(
      `family ${family.name}: unknown type ${JSON.stringify(family.type)}: expected one of ${METRIC_TYPES.join(", ")}`,
    );
  for (const field of ["help", "unit"] as const) {
    if (typeof family[field] !== "string")
      throw new TypeError(
        `family ${family.name}: ${field} must be a text, which may be empty, got ${typeof family[field]}`,
      );
  }
  if (!Array.isArray(family.metrics))
    throw new TypeError(
      `family ${family.name}: metrics must be a list, got ${typeof family.metrics}`,
    );
  const reserved = reservedLabel(family);
  for (const metric of family.metrics) {
    if (typeof metric?.labels?.merge !== "function")
      throw new TypeError(
        `family ${family.name}: the labels of a metric must be made with Labels.from({ … })`,
      );
    checkLabels(family.name, metric.labels, utf8);
    if (reserved !== undefined && metric.labels.has(reserved))
      throw new TypeError(
        `family ${family.name}: label name "${reserved}" is reserved in a ${family.type}`,
      );
    checkShape(family, metric);
  }
}

/** What a metric of a type has that no other has. */
const SHAPES: Readonly<Record<MetricType, "value" | "buckets" | "quantiles" | "states">> = {
  counter: "value",
  gauge: "value",
  unknown: "value",
  info: "value",
  histogram: "buckets",
  gaugehistogram: "buckets",
  summary: "quantiles",
  stateset: "states",
};

function checkShape({ name, type }: MetricFamily, metric: Metric): void {
  const field = SHAPES[type];
  const found: unknown = (metric as { readonly [key in typeof field]?: unknown })[field];
  const isSound = field === "value" ? typeof found === "number" : Array.isArray(found);
  if (!isSound)
    throw new TypeError(
      `family ${name}: a metric of a ${type} must have ${field === "value" ? "a number as value" : `a list of ${field}`}, got ${typeof found}`,
    );
  if ("value" in metric) checkExemplar(name, metric);
  if (!("buckets" in metric)) return;
  for (const bucket of metric.buckets) checkExemplar(name, bucket);
  for (const exemplar of metric.exemplars ?? []) checkExemplar(name, { exemplar });
  const problem = metric.native && nativeHistogramProblem(metric.native);
  if (problem !== undefined)
    throw new TypeError(`family ${name}: unsound native histogram: ${problem}`);
}

function checkExemplar(
  family: string,
  { exemplar }: { readonly exemplar?: { readonly labels: Labels } },
): void {
  if (exemplar !== undefined) checkExemplarLabels(family, exemplar.labels);
}

function checkLabels(family: string, labels: Labels, utf8: boolean): void {
  for (const [name] of labels) {
    if (name === "__name__")
      throw new TypeError(`family ${family}: the labels of a metric must not contain __name__`);
    if (!(utf8 ? isValidName(name) : isLegacyLabelName(name))) {
      throw new TypeError(
        `family ${family}: invalid label name ${JSON.stringify(name)}: letters, digits and "_" only, not beginning with a digit`,
      );
    }
  }
}
