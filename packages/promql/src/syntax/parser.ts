import type { Matcher } from "@linklight/model";
import { checkExpr } from "../check/check-expr.ts";
import { ExpressionParser } from "../grammar/expression-parser.ts";
import { isStop, TokenStream } from "../grammar/token-stream.ts";
import type { Expr, VectorSelector } from "./ast.ts";
import { type FeaturesLike, featuresFrom } from "./features.ts";
import type { ParseError } from "./parse-error.ts";

/** How a query is to be read. */
export interface ParseOptions {
  /** The features that are on; none besides duration expressions when left out. */
  readonly features?: FeaturesLike;
}

/**
 * Reads a query in PromQL, as of Prometheus 3.14: `parseExpr("rate(rx_packets_total[5m])")`.
 *
 * Throws a ParseError in Prometheus' words, with its place; `errors` of it holds all mistakes that were
 * found. No text makes it throw anything else; the time it takes is linear in the length of the text.
 */
export function parseExpr(text: string, options: ParseOptions = {}): Expr {
  const features = featuresFrom(options.features ?? []);
  const tokens = new TokenStream(text);
  const parser = new ExpressionParser(tokens, features);
  const expr = run(() => parser.parse());
  throwAll(tokens.errors);
  throwAll(checkExpr(expr as Expr, { query: text, features }));
  return expr as Expr;
}

/**
 * Reads a selector that stands alone, such as `match[]` of the HTTP API: `parseSelector('up{job="switch"}')`. It may
 * select everything. Throws a ParseError as {@link parseExpr} does.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const tokens = new TokenStream(text);
  const parser = new ExpressionParser(tokens, featuresFrom([]));
  const selector = run(() => parser.parseSelector());
  throwAll(tokens.errors);
  return (selector as VectorSelector).matchers;
}

function throwAll(errors: readonly ParseError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  first.errors = errors;
  throw first;
}

function run<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (thrown) {
    if (!isStop(thrown)) throw thrown;
    return undefined;
  }
}
