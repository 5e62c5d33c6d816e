import type { AggregateExpr, BinaryExpr, Call, Expr } from "../syntax/ast.ts";
import { chainOf } from "../syntax/chain.ts";
import { type FeaturesLike, featuresFrom } from "../syntax/features.ts";
import type { ParseError } from "../syntax/parse-error.ts";
import { AGGREGATE_RULES, aggregatedType, parameterType } from "./aggregate-rules.ts";
import { BINARY_RULES } from "./binary-rules.ts";
import { argumentType, CALL_RULES } from "./call-rules.ts";
import { Mistakes } from "./mistakes.ts";
import { SUBQUERY_RULES, unaryOperand } from "./operand-rules.ts";
import { RANGE_RULES, SELECTOR_RULES } from "./selector-rules.ts";

/** What a check may know besides the expression. */
export interface CheckOptions {
  /** The text of the expression, for the places of mistakes; without it they are `unknown position`. */
  readonly query?: string;
  /** The features that are on. All of them when left out. */
  readonly features?: FeaturesLike;
}

/**
 * Finds what is wrong with an expression whose syntax is right: types, numbers of arguments, matchers,
 * vector matching, features that are off. Gives all mistakes, in
 * the order and the words of Prometheus; none for a right expression. `parseExpr` has checked what it returns.
 */
export function checkExpr(expr: Expr, options: CheckOptions = {}): ParseError[] {
  const mistakes = new Mistakes(options.query ?? "", featuresFrom(options.features ?? "all"));
  check(expr, mistakes);
  return mistakes.errors;
}

/** The inner before the outer, but for calls, whose arguments come after their number: as Prometheus does. */
function check(expr: Expr, mistakes: Mistakes): void {
  switch (expr.kind) {
    case "number":
    case "string":
      return;
    case "vectorSelector":
      for (const rule of SELECTOR_RULES) rule(expr, mistakes);
      return;
    case "matrixSelector":
      check(expr.selector, mistakes);
      for (const rule of RANGE_RULES) rule(expr, mistakes);
      return;
    case "paren":
      check(expr.expr, mistakes);
      return;
    case "unary":
      check(expr.expr, mistakes);
      unaryOperand(expr, mistakes);
      return;
    case "subquery":
      check(expr.expr, mistakes);
      for (const rule of SUBQUERY_RULES) rule(expr, mistakes);
      return;
    case "binary":
      checkChain(chainOf(expr), mistakes);
      return;
    case "aggregate":
      checkAggregate(expr, mistakes);
      return;
    case "call":
      checkCall(expr, mistakes);
  }
}

function checkChain(chain: readonly BinaryExpr[], mistakes: Mistakes): void {
  check((chain[0] as BinaryExpr).left, mistakes);
  for (const expr of chain) {
    check(expr.right, mistakes);
    for (const rule of BINARY_RULES) rule(expr, mistakes);
  }
}

function checkAggregate(expr: AggregateExpr, mistakes: Mistakes): void {
  for (const rule of AGGREGATE_RULES) rule(expr, mistakes);
  check(expr.expr, mistakes);
  aggregatedType(expr, mistakes);
  if (expr.param === undefined) return;
  check(expr.param, mistakes);
  parameterType(expr, mistakes);
}

function checkCall(call: Call, mistakes: Mistakes): void {
  for (const rule of CALL_RULES) rule(call, mistakes);
  for (const [i, arg] of call.args.entries()) {
    if (!isInfoSelector(call, i)) check(arg, mistakes);
    argumentType(call, i, mistakes);
  }
}

// The selector of info() says which labels to add, and may say all.
function isInfoSelector({ name, args }: Call, index: number): boolean {
  const arg = args[index];
  return name === "info" && index === 1 && arg?.kind === "vectorSelector" && arg.name === undefined;
}
