/**
 * PromQL: parser, checks, printer, a columnar engine over any `Queryable`, annotations. It runs in Node and in
 * a browser.
 * @module
 */

// Evaluation.
export type { Annotation } from "./annotations/annotations.ts";
export { Engine } from "./eval/engine.ts";
export type { EngineOptions, InstantQuery, RangeQuery } from "./eval/engine-options.ts";
export type { QueryErrorCode, QueryErrorType } from "./eval/query-error.ts";
export { QueryError } from "./eval/query-error.ts";
export type { MatrixSeries, QueryResult, QueryValue, VectorSample } from "./eval/query-result.ts";
// Results as Prometheus' API answers.
export type { ApiError } from "./json/write-error.ts";
export { apiErrorOf, writeError } from "./json/write-error.ts";
export { writeResult } from "./json/write-result.ts";
// Texts as Go writes them.
export { goQuote } from "./lexer/go-quote.ts";
export { formatFixed, formatValue } from "./number/go-format.ts";
// The syntax tree.
export type { Expr, Span } from "./syntax/ast.ts";
export type { FeatureFlag, FeaturesLike } from "./syntax/features.ts";
export { ParseError } from "./syntax/parse-error.ts";
