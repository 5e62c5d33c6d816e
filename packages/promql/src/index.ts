/**
 * PromQL: parser, checks, printer, a columnar engine over any `Queryable`, annotations. It runs in Node and in
 * a browser.
 * @module
 */

// Remarks beside a result.
export type { Annotation } from "./annotations/annotations.ts";
export { renderAnnotation, renderRemarks } from "./annotations/render-annotation.ts";
// Checks.
export type { CheckOptions } from "./check/check-expr.ts";
export { checkExpr } from "./check/check-expr.ts";
// Evaluation, and how a result came about.
export { Engine } from "./engine/engine.ts";
export type { EngineOptions, InstantQuery, RangeQuery } from "./engine/engine-options.ts";
export type { MatrixSeries, QueryResult, QueryValue, VectorSample } from "./engine/query-result.ts";
export type { QueryErrorCode, QueryErrorType } from "./eval/query-error.ts";
export { QueryError } from "./eval/query-error.ts";
export type { ExplainNode } from "./explain/explain-expr.ts";
export { explainExpr } from "./explain/explain-expr.ts";
export type { ExplainedResult } from "./explain/explain-query.ts";
export { explainQuery } from "./explain/explain-query.ts";
export type { FunctionSignature } from "./functions/signatures.ts";
export { functionSignature } from "./functions/signatures.ts";
// Results as Prometheus' API answers.
export type { ApiError } from "./json/write-error.ts";
export { apiErrorOf, writeError } from "./json/write-error.ts";
export { writeResult } from "./json/write-result.ts";
// Texts as Go writes them.
export { goQuote } from "./lexer/go-quote.ts";
// Matchers.
export { createMatcher } from "./matcher/label-matcher.ts";
export { formatFixed, formatGoFloat, formatValue } from "./number/go-format.ts";
// What a storage implements.
export type {
  Queryable,
  ReadableSeries,
  SelectedSeries,
  Selection,
} from "./queryable/queryable.ts";
export { SampleColumns } from "./queryable/sample-columns.ts";
// The syntax tree.
export type {
  AggregateExpr,
  AggregateOperator,
  ArithmeticOperator,
  AtModifier,
  BinaryExpr,
  BinaryOperator,
  Call,
  ComparisonOperator,
  DurationBinary,
  DurationCall,
  DurationExpr,
  DurationParen,
  DurationUnary,
  Expr,
  MatrixSelector,
  NumberLiteral,
  ParenExpr,
  RangeExtension,
  SetOperator,
  Span,
  StringLiteral,
  Subquery,
  TrimOperator,
  UnaryExpr,
  ValueType,
  VectorMatching,
  VectorSelector,
} from "./syntax/ast.ts";
export { drawError } from "./syntax/caret.ts";
export type { FeatureFlag, Features, FeaturesLike } from "./syntax/features.ts";
export { FEATURE_FLAGS, featuresFrom } from "./syntax/features.ts";
export { lineAndColumn, ParseError } from "./syntax/parse-error.ts";
export type { ParseOptions } from "./syntax/parser.ts";
export { parseExpr, parseSelector } from "./syntax/parser.ts";
export { formatExpr } from "./syntax/prettifier.ts";
export { printExpr } from "./syntax/printer.ts";
export { valueType } from "./syntax/value-type.ts";
export { children, walk } from "./syntax/walk.ts";
