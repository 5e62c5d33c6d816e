import type { EvalContext } from "../eval/context.ts";
import { goPow } from "../number/go-pow.ts";
import type { DurationExpr } from "../syntax/ast.ts";
import { ParseError } from "../syntax/parse-error.ts";

/** What a duration stands for; some must be above zero. */
export type DurationRole = "range" | "step" | "offset";

/**
 * The value of a duration expression in ms, now that the query's start, end and step are known. Throws
 * ParseError in Prometheus' words for a range or step that is not above zero, and for a division by zero.
 */
export function resolveDuration(
  expr: DurationExpr,
  role: DurationRole,
  query: EvalContext["query"],
  text: string,
): number {
  const seconds = secondsOf(expr, query, text);
  // As Prometheus: what is written is kept in nanoseconds, what is computed in milliseconds.
  const milliseconds = Math.trunc(
    expr.kind === "number" ? Math.round(seconds * 1e9) / 1e6 : seconds * 1000,
  );
  if (role !== "offset" && milliseconds <= 0)
    throw new ParseError("duration must be greater than 0", expr.span, text);
  if (Math.abs(seconds) > 9_223_372_036)
    throw new ParseError("duration is out of range", expr.span, text);
  return milliseconds;
}

function secondsOf(expr: DurationExpr, query: EvalContext["query"], text: string): number {
  switch (expr.kind) {
    case "number":
      return expr.value;
    case "durationParen":
      return secondsOf(expr.inner, query, text);
    case "durationUnary": {
      const value = secondsOf(expr.operand, query, text);
      return expr.operator === "-" ? -value : value;
    }
    case "durationCall": {
      const args = expr.args.map((arg) => secondsOf(arg, query, text));
      if (expr.name === "step") return query.stepMs / 1000;
      if (expr.name === "range") return (query.endMs - query.startMs) / 1000;
      return expr.name === "min_of" ? Math.min(...args) : Math.max(...args);
    }
    case "durationBinary": {
      const left = secondsOf(expr.left, query, text);
      const right = secondsOf(expr.right, query, text);
      switch (expr.operator) {
        case "+":
          return left + right;
        case "-":
          return left - right;
        case "*":
          return left * right;
        case "/":
          if (right === 0) throw new ParseError("division by zero", expr.span, text);
          return left / right;
        case "%":
          if (right === 0) throw new ParseError("modulo by zero", expr.span, text);
          return left % right;
        case "^":
          return goPow(left, right);
      }
    }
  }
}
