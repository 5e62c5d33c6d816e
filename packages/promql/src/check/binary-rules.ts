import { goQuote } from "../lexer/go-quote.ts";
import type { BinaryExpr, BinaryOperator, Span } from "../syntax/ast.ts";
import { valueType } from "../syntax/value-type.ts";
import { groupingLabels } from "./grouping-labels.ts";
import type { Mistakes } from "./mistakes.ts";

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(["==", "!=", "<", "<=", ">", ">="]);
const SET_OPERATORS: ReadonlySet<BinaryOperator> = new Set(["and", "or", "unless"]);

/** `fill` and its kin need their feature. */
function fillEnabled(expr: BinaryExpr, mistakes: Mistakes): void {
  if (!hasFill(expr) || mistakes.features.has("promql-binop-fill-modifiers")) return;
  mistakes.report("binop fill modifiers are experimental and not enabled", expr.span);
}

/** Labels that are matched on have names. */
function matchedLabels({ matching, span }: BinaryExpr, mistakes: Mistakes): void {
  if (matching === undefined) return;
  groupingLabels(matching.labels, span, mistakes);
  groupingLabels(matching.include, span, mistakes);
}

/** Only comparisons have a `bool`. */
function boolOfComparison(expr: BinaryExpr, mistakes: Mistakes): void {
  if (!expr.returnBool || COMPARISONS.has(expr.operator)) return;
  mistakes.report(
    "bool modifier can only be used on comparison operators",
    operatorSpan(expr, mistakes.query),
  );
}

/** There is nothing to filter where numbers are compared. */
function scalarComparison(expr: BinaryExpr, mistakes: Mistakes): void {
  if (expr.returnBool || !COMPARISONS.has(expr.operator)) return;
  if (valueType(expr.left) !== "scalar" || valueType(expr.right) !== "scalar") return;
  mistakes.report(
    "comparisons between scalars must use BOOL modifier",
    operatorSpan(expr, mistakes.query),
  );
}

/** A label that both sides have in common is not copied from one to the other. */
function copiedLabels(expr: BinaryExpr, mistakes: Mistakes): void {
  const { matching } = expr;
  if (matching === undefined || !matching.on) return;
  for (const label of matching.labels) {
    for (const copied of matching.include) {
      if (label !== copied) continue;
      mistakes.report(
        `label ${goQuote(label)} must not occur in ON and GROUP clause at once`,
        operatorSpan(expr, mistakes.query),
      );
    }
  }
}

/** Operators work on numbers and instant vectors. */
function operandTypes({ left, right }: BinaryExpr, mistakes: Mistakes): void {
  for (const operand of [left, right]) {
    const type = valueType(operand);
    if (type === "scalar" || type === "vector") continue;
    mistakes.report(
      "binary expression must contain only scalar and instant vector types",
      operand.span,
    );
  }
}

/** Only series are matched, or filled in. */
function matchingOfVectors(expr: BinaryExpr, mistakes: Mistakes): void {
  const { matching, span } = expr;
  if (matching === undefined || isOfVectors(expr)) return;
  if (matching.labels.length > 0)
    mistakes.report("vector matching only allowed between instant vectors", span);
  if (hasFill(expr))
    mistakes.report("filling in missing series only allowed between instant vectors", span);
}

/** Set operators match sets with sets. */
function matchingOfSets(expr: BinaryExpr, mistakes: Mistakes): void {
  const { matching, operator, span } = expr;
  if (matching === undefined || !SET_OPERATORS.has(operator) || !isOfVectors(expr)) return;
  const { cardinality } = matching;
  if (cardinality === "one-to-many" || cardinality === "many-to-one")
    mistakes.report(`no grouping allowed for "${operator}" operation`, span);
  if (cardinality !== "many-to-many")
    mistakes.report("set operations must always be many-to-many", span);
  if (hasFill(expr))
    mistakes.report("filling in missing series not allowed for set operators", span);
}

/** A number is no set. */
function setOperands({ left, right, operator, span }: BinaryExpr, mistakes: Mistakes): void {
  if (!SET_OPERATORS.has(operator)) return;
  if (valueType(left) !== "scalar" && valueType(right) !== "scalar") return;
  mistakes.report(`set operator "${operator}" not allowed in binary scalar expression`, span);
}

/** What holds for every binary operation. */
export const BINARY_RULES: readonly ((expr: BinaryExpr, mistakes: Mistakes) => void)[] = [
  fillEnabled,
  matchedLabels,
  boolOfComparison,
  scalarComparison,
  copiedLabels,
  operandTypes,
  matchingOfVectors,
  matchingOfSets,
  setOperands,
];

function isOfVectors({ left, right }: BinaryExpr): boolean {
  return valueType(left) === "vector" && valueType(right) === "vector";
}

function hasFill({ matching }: BinaryExpr): boolean {
  return matching?.fillLeft !== undefined || matching?.fillRight !== undefined;
}

/** Where the operator and its modifiers are: what is between the operands, without the space around it. */
function operatorSpan({ left, right }: BinaryExpr, query: string): Span {
  const between = query.slice(left.span.end, right.span.start);
  const leading = between.length - between.trimStart().length;
  const trailing = between.length - between.trimEnd().length;
  if (leading === between.length) return { start: left.span.end, end: right.span.start };
  return { start: left.span.end + leading, end: right.span.start - trailing };
}
