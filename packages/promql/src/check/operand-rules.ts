import type { Subquery, UnaryExpr } from "../syntax/ast.ts";
import { valueType } from "../syntax/value-type.ts";
import { documentedType } from "./documented-type.ts";
import type { Mistakes } from "./mistakes.ts";
import { positiveDuration } from "./selector-rules.ts";

/** A sign stands before a number or an instant vector. */
export function unaryOperand({ expr, span }: UnaryExpr, mistakes: Mistakes): void {
  const type = valueType(expr);
  if (type === "scalar" || type === "vector") return;
  mistakes.report(
    `unary expression only allowed on expressions of type scalar or instant vector, got "${documentedType(type)}"`,
    span,
  );
}

/** A subquery is one of an instant vector. */
function subqueryOperand({ expr, span }: Subquery, mistakes: Mistakes): void {
  const type = valueType(expr);
  if (type === "vector") return;
  mistakes.report(`subquery is only allowed on instant vector, got ${type} instead`, span);
}

/** The range and the step of a subquery are longer than nothing. */
function subqueryDurations({ range, step }: Subquery, mistakes: Mistakes): void {
  positiveDuration(range, mistakes);
  positiveDuration(step, mistakes);
}

/** What holds for every subquery. */
export const SUBQUERY_RULES: readonly ((expr: Subquery, mistakes: Mistakes) => void)[] = [
  subqueryOperand,
  subqueryDurations,
];
