import type { BinaryExpr, Expr } from "./ast.ts";
import { chainOf } from "./chain.ts";
import { printAggregation, printExpr, printOperator, printSubquerySuffix } from "./printer.ts";

/** What is longer is split into lines, in Prometheus' bytes. */
const LONGEST_LINE = 100;

/**
 * Writes an expression over as many lines as it needs to stay within 100 columns where it can, as
 * `promtool promql format` does. What it writes is read back as the same expression.
 */
export function formatExpr(expr: Expr): string {
  return format(expr, 0);
}

/** What is deeper, a chain of very many operators, is not indented further. */
const DEEPEST_INDENT = 256;

function indent(level: number): string {
  return "  ".repeat(Math.min(level, DEEPEST_INDENT));
}

function format(expr: Expr, level: number): string {
  const line = printExpr(expr);
  if (expr.kind === "unary")
    return `${indent(level)}${expr.operator}${format(expr.expr, level).trim()}`;
  // A subquery that fits is written without its indentation, as in Prometheus.
  if (!isTooLong(line)) return expr.kind === "subquery" ? line : indent(level) + line;
  switch (expr.kind) {
    case "paren":
      return block(level, "", [expr.expr]);
    case "call":
      return expr.args.length === 0 ? indent(level) + line : block(level, expr.name, expr.args);
    case "aggregate": {
      const args = expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
      return block(level, printAggregation(expr), args);
    }
    case "binary":
      return formatChain(expr, level);
    case "subquery":
      return format(expr.expr, level) + printSubquerySuffix(expr);
    default:
      return indent(level) + line;
  }
}

/** The operands of an operator, each on lines of its own, and the operator between them: the inner ones deeper. */
function formatChain(expr: BinaryExpr, level: number): string {
  const chain = chainOf(expr, (inner) => !isTooLong(printExpr(inner)));
  let text = format((chain[0] as BinaryExpr).left, level + chain.length);
  for (const [i, one] of chain.entries()) {
    const depth = level + chain.length - 1 - i;
    text += `\n${indent(depth)}${printOperator(one)}\n${format(one.right, depth + 1)}`;
  }
  return text;
}

/** What stands in parentheses, each expression on lines of its own. */
function block(level: number, head: string, exprs: readonly Expr[]): string {
  const lines = exprs.map((expr) => format(expr, level + 1)).join(",\n");
  return `${indent(level)}${head}(\n${lines}\n${indent(level)})`;
}

function isTooLong(line: string): boolean {
  // No character takes more than three bytes a code unit.
  if (line.length * 3 <= LONGEST_LINE) return false;
  return line.length > LONGEST_LINE || new TextEncoder().encode(line).length > LONGEST_LINE;
}
