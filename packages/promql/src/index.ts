/**
 * PromQL: parser, checks, printer, a columnar engine over any `Queryable`, annotations. It runs in Node and in
 * a browser.
 * @module
 */

// Results as Prometheus' API answers.
export type { ApiError } from "./json/write-error.ts";
export { apiErrorOf, writeError } from "./json/write-error.ts";
export { writeResult } from "./json/write-result.ts";
// Texts as Go writes them.
export { goQuote } from "./lexer/go-quote.ts";
export { formatFixed, formatValue } from "./number/go-format.ts";
// The syntax tree.
export type { Expr, Span } from "./syntax/ast.ts";
export { ParseError } from "./syntax/parse-error.ts";
