/**
 * Writers and parsers of the Prometheus exposition formats: text 0.0.4 and 1.0.0, OpenMetrics 1.0,
 * delimited protobuf; content negotiation; number formatting.
 * @module
 */

export type { EntryKind, EntryParser, ExpositionFormat, ExpositionRule } from "./entry-parser.ts";
// What parsers give.
export { Entry, ExpositionError } from "./entry-parser.ts";
export type { EscapingScheme, Layout } from "./layout.ts";
export { layout } from "./layout.ts";
// Parsers.
export type { CheckedFamilies } from "./parse-families.ts";
export { checkFamilies, parseFamilies } from "./parse-families.ts";
export type { FamilyTable, Line, SeriesPart } from "./table.ts";
// What writers take.
export { SeriesList } from "./table.ts";
export { TextParser } from "./text-parse.ts";
