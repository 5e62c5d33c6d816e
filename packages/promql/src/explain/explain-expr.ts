import type { Expr, Span, ValueType } from "../syntax/ast.ts";
import {
  printAggregation,
  printExpr,
  printOperator,
  printSubquerySuffix,
} from "../syntax/printer.ts";
import { valueType } from "../syntax/value-type.ts";
import { children } from "../syntax/walk.ts";

/**
 * A part of an expression and what is known about it: first its form, and where it was evaluated, the
 * measurements. Plain data, fit for JSON; parentheses are left out, since a tree needs none.
 */
export interface ExplainNode {
  readonly kind: Expr["kind"];
  /** What the part itself does, without those inside it: `sum by (port)`, `rate`, `rx_packets_total[5m]`. */
  readonly title: string;
  /** The whole part, as Prometheus prints it. */
  readonly text: string;
  readonly type: ValueType;
  readonly span: Span;
  /** How many series it has; absent for scalars and strings, and where nothing was evaluated. */
  readonly series?: number;
  /** How many samples it gave: of an instant vector or scalar those at the steps, of a range vector those read. */
  readonly samples?: number;
  /** The time spent in it, without what is inside it, in ms. */
  readonly selfMs?: number;
  /** The time spent in it and all that is inside it, in ms. */
  readonly totalMs?: number;
  readonly children: readonly ExplainNode[];
}

/** What an evaluation found out about a part of an expression. */
export type Measured = Pick<ExplainNode, "series" | "samples" | "totalMs">;

/** A tree that is deeper, because of a chain of very many operators, could neither be shown nor be written as JSON. */
const DEEPEST_LEVEL = 1024;

/**
 * The tree of an expression with the types of its parts; with measurements, where there are any. A selector
 * is one part with its range, and so is what lies deeper than 1,024 levels.
 */
export function explainExpr(
  expr: Expr,
  measured: (expr: Expr) => Measured | undefined = () => undefined,
): ExplainNode {
  return explain(expr, measured, 1);
}

function explain(
  expr: Expr,
  measured: (expr: Expr) => Measured | undefined,
  level: number,
): ExplainNode {
  if (expr.kind === "paren") return explain(expr.expr, measured, level);
  const isWhole = expr.kind === "matrixSelector" || level === DEEPEST_LEVEL;
  const inside = isWhole ? [] : children(expr);
  const nodes = inside.map((child) => explain(child, measured, level + 1));
  return {
    kind: expr.kind,
    title: titleOf(expr),
    text: printExpr(expr),
    type: valueType(expr),
    span: expr.span,
    ...withSelf(measured(expr), nodes),
    children: nodes,
  };
}

function withSelf(measured: Measured | undefined, nodes: readonly ExplainNode[]): object {
  if (measured?.totalMs === undefined) return {};
  const { totalMs } = measured;
  const inside = nodes.reduce((sum, node) => sum + (node.totalMs ?? 0), 0);
  // Clocks are coarse: parts may seem to have taken longer than the whole.
  return { ...measured, selfMs: Math.max(0, totalMs - inside) };
}

function titleOf(expr: Expr): string {
  switch (expr.kind) {
    case "unary":
      return expr.operator;
    case "binary":
      return printOperator(expr);
    case "aggregate":
      return printAggregation(expr).trimEnd();
    case "call":
      return expr.name;
    case "subquery":
      return printSubquerySuffix(expr);
    default:
      return printExpr(expr);
  }
}
