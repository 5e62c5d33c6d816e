/**
 * PromQL: parser, checks, printer, a columnar engine over any `Queryable`, annotations. It runs in Node and in
 * a browser.
 * @module
 */

// The syntax tree.
export type { Expr, Span } from "./syntax/ast.ts";
export { ParseError } from "./syntax/parse-error.ts";
