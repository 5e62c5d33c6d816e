/**
 * Prometheus client library: instruments that a program updates, collectors that look when asked, a
 * registry that puts them on one page, and a handler that serves it in every exposition format.
 * @module
 */

export type {
  Exemplar,
  MetricFamily,
  MetricFamilyInfo,
  MetricType,
  NativeHistogram,
} from "@linklight/model";
// What collectors and their callers need of the model.
export { Labels } from "@linklight/model";
// Collectors, and the families they yield.
export type { CollectContext, CollectedFamily, Collection, Collector } from "./collector.ts";
export type { ExemplarLabels } from "./family/exemplar.ts";
export type { HistogramFamilyOptions, HistogramValue } from "./family/histogram-family.ts";
export {
  GaugeHistogramFamily,
  HistogramFamily,
  HistogramHandle,
} from "./family/histogram-family.ts";
export type { ValueOptions } from "./family/number-family.ts";
export {
  CounterFamily,
  GaugeFamily,
  InfoFamily,
  NumberSeries,
  UnknownFamily,
} from "./family/number-family.ts";
export type { FamilyOptions } from "./family/options.ts";
export type { LabelsOf, LabelValue } from "./family/series-family.ts";
export type { TableSource } from "./family/series-table.ts";
export type { StateSetFamilyOptions } from "./family/state-set-family.ts";
export { StateSetFamily } from "./family/state-set-family.ts";
export { StateSetSeries } from "./family/state-set-series.ts";
export type { SummaryFamilyOptions, SummaryValue } from "./family/summary-family.ts";
export { SummaryFamily, SummaryHandle } from "./family/summary-family.ts";
export type { HandlerOptions, MetricsHandler } from "./http/handler.ts";
export { metricsHandler } from "./http/handler.ts";
// Instruments: what a program updates while it runs.
export { Counter, CounterSeries } from "./instrument/counter.ts";
export { Gauge, GaugeSeries } from "./instrument/gauge.ts";
export type { HistogramOptions } from "./instrument/histogram.ts";
export { DEFAULT_BUCKETS, Histogram, HistogramSeries } from "./instrument/histogram.ts";
export { Info, InfoSeries } from "./instrument/info.ts";
export type { Instrument, InstrumentOptions } from "./instrument/instrument.ts";
export type { NativeBucketOptions } from "./instrument/native-observations.ts";
export type { StateSetOptions } from "./instrument/state-set.ts";
export { StateSet } from "./instrument/state-set.ts";
export type { SummaryOptions } from "./instrument/summary.ts";
export { Summary, SummarySeries } from "./instrument/summary.ts";
// Judging metrics.
export type { LintFinding, LintRule } from "./lint/finding.ts";
export type { LintReport } from "./lint/lint-exposition.ts";
export { lintExposition } from "./lint/lint-exposition.ts";
export type { LintOptions } from "./lint/lint-families.ts";
export { lintFamilies } from "./lint/lint-families.ts";
// What a program shows of itself.
export type { NodejsCollector, NodejsCollectorOptions } from "./process/nodejs-collector.ts";
export { nodejsCollector } from "./process/nodejs-collector.ts";
export type { ProcessCollectorOptions } from "./process/process-collector.ts";
export { processCollector } from "./process/process-collector.ts";
// Registry and serving.
export type { Gathering } from "./registry/gathering.ts";
export { Registry } from "./registry/registry.ts";
