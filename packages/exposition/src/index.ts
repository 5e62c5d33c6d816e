/**
 * Writers and parsers of the Prometheus exposition formats: text 0.0.4 and 1.0.0, OpenMetrics 1.0,
 * delimited protobuf; content negotiation; number formatting.
 * @module
 */

export type { EntryKind, EntryParser, ExpositionFormat, ExpositionRule } from "./entry-parser.ts";
// What parsers give.
export { Entry, ExpositionError } from "./entry-parser.ts";
// Names, numbers, and what an HTTP request asks for.
export { escapeLabelName, escapeMetricName, escapeName, unescapeName } from "./escape.ts";
// Histories.
export type {
  HistoryFamily,
  HistoryGrid,
  HistorySeries,
  HistoryWriterOptions,
  SampleName,
} from "./history-writer.ts";
export { HistoryWriter, historyNames } from "./history-writer.ts";
export type { EscapingScheme, Layout } from "./layout.ts";
export { layout } from "./layout.ts";
export type { Negotiated } from "./negotiate.ts";
export { acceptsGzip, contentType, negotiate } from "./negotiate.ts";
export { formatGo, formatOpenMetrics } from "./number.ts";
// Parsers.
export { expositionFormatOf, openParser } from "./open-parser.ts";
export { OpenMetricsParser } from "./parse/openmetrics-parse.ts";
export { ProtobufParser } from "./parse/protobuf-parse.ts";
export { TextParser } from "./parse/text-parse.ts";
export type { CheckedFamilies } from "./parse-families.ts";
export { checkFamilies, parseFamilies } from "./parse-families.ts";
export type { FamilyTable, Line, SeriesPart } from "./table.ts";
// What writers take.
export { SeriesList } from "./table.ts";
export { tabulate } from "./tabulate.ts";
export type { WriterOptions } from "./writer.ts";
export { ExpositionWriter, writeFamilies } from "./writer.ts";
