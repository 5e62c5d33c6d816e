/**
 * What every linklight engine shares: label sets, samples, native histograms, exemplars, metric
 * families, matchers, durations. No dependency, no Node built-in: it runs in a browser.
 * @module
 */

// Small things.
export { AssertionError, assert } from "./assert.ts";
export { formatDuration, parseDuration } from "./duration.ts";
export type { Exemplar } from "./exemplar.ts";
export { EXEMPLAR_MAX_CHARACTERS } from "./exemplar.ts";
export type { LabelsLike } from "./labels.ts";
// Label sets and names.
export { Labels, METRIC_NAME } from "./labels.ts";
export type { LogFields, Logger, LogLevel } from "./logger.ts";
export type { Matcher, MatchOperator } from "./matcher.ts";
export type {
  HistogramBucket,
  HistogramMetric,
  Metric,
  MetricFamily,
  MetricFamilyInfo,
  MetricType,
  NumberMetric,
  StateSetMetric,
  SummaryMetric,
  SummaryQuantile,
} from "./metric-family.ts";
// Metric families.
export { METRIC_TYPES } from "./metric-family.ts";
export { isLegacyLabelName, isLegacyMetricName, isValidName } from "./names.ts";
export type {
  BucketSpan,
  CounterResetHint,
  NativeBucket,
  NativeHistogram,
} from "./native-histogram.ts";
export {
  bucketIndex,
  bucketUpperBound,
  CUSTOM_BUCKETS_SCHEMA,
  isCustomBucketsSchema,
  isExponentialSchema,
  MAX_EXPONENTIAL_SCHEMA,
  MIN_EXPONENTIAL_SCHEMA,
  nativeHistogram,
  nativeHistogramProblem,
  negativeBuckets,
  positiveBuckets,
} from "./native-histogram.ts";
// Samples.
export type { Sample, SampleValue } from "./sample.ts";
export { isStaleMarker, STALE_MARKER_BITS, writeStaleMarker } from "./staleness.ts";
export { compareUtf8, isWellFormed } from "./utf8-order.ts";
