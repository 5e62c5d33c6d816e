import type { AggregateExpr, AggregateOperator, ValueType } from "../syntax/ast.ts";
import { valueType } from "../syntax/value-type.ts";
import { documentedType } from "./documented-type.ts";
import { groupingLabels } from "./grouping-labels.ts";
import type { Mistakes } from "./mistakes.ts";

/** The type of the parameter of those aggregations that have one. */
const PARAMETERS: Readonly<Partial<Record<AggregateOperator, ValueType>>> = {
  topk: "scalar",
  bottomk: "scalar",
  quantile: "scalar",
  limitk: "scalar",
  limit_ratio: "scalar",
  count_values: "string",
};

/** Experimental aggregations need the feature. */
function aggregationEnabled({ operator, span }: AggregateExpr, mistakes: Mistakes): void {
  if (operator !== "limitk" && operator !== "limit_ratio") return;
  if (mistakes.features.has("promql-experimental-functions")) return;
  mistakes.report(
    `${operator}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
    span,
  );
}

/** An aggregation has the parameter that it needs, and none that it does not. */
function parameterCount({ operator, param, span }: AggregateExpr, mistakes: Mistakes): void {
  const expected = PARAMETERS[operator] === undefined ? 1 : 2;
  const got = param === undefined ? 1 : 2;
  if (got === expected) return;
  mistakes.report(
    `wrong number of arguments for aggregate expression provided, expected ${expected}, got ${got}`,
    span,
  );
}

/** Labels that are grouped by have names. */
function groupedLabels({ grouping, span }: AggregateExpr, mistakes: Mistakes): void {
  groupingLabels(grouping, span, mistakes);
}

/** What holds for every aggregation, its expression and its parameter aside. */
export const AGGREGATE_RULES: readonly ((expr: AggregateExpr, mistakes: Mistakes) => void)[] = [
  aggregationEnabled,
  parameterCount,
  groupedLabels,
];

/** What is aggregated is an instant vector. */
export function aggregatedType({ expr }: AggregateExpr, mistakes: Mistakes): void {
  const type = valueType(expr);
  if (type === "vector") return;
  mistakes.report(
    `expected type instant vector in aggregation expression, got ${documentedType(type)}`,
    expr.span,
  );
}

/** The parameter of an aggregation is a number, or the name of a label. */
export function parameterType({ operator, param }: AggregateExpr, mistakes: Mistakes): void {
  const expected = PARAMETERS[operator];
  if (expected === undefined || param === undefined || valueType(param) === expected) return;
  mistakes.report(
    `expected type ${expected} in aggregation parameter, got ${documentedType(valueType(param))}`,
    param.span,
  );
}
