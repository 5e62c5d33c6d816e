import { METRIC_NAME } from "@linklight/model";
import { goQuote } from "../lexer/go-quote.ts";
import type { DurationExpr, MatrixSelector, VectorSelector } from "../syntax/ast.ts";
import type { Mistakes } from "./mistakes.ts";

type Rule<T> = (expr: T, mistakes: Mistakes) => void;

/** A metric name before the braces is the only one. */
function nameOnce(expr: VectorSelector, mistakes: Mistakes): void {
  const { name, matchers } = expr;
  if (name === undefined) return;
  const own = matchers.findIndex(
    (matcher) => matcher.name === METRIC_NAME && matcher.operator === "=" && matcher.value === name,
  );
  for (const [i, matcher] of matchers.entries()) {
    if (i === own || matcher.name !== METRIC_NAME) continue;
    mistakes.report(
      `metric name must not be set twice: ${goQuote(name)} or ${goQuote(matcher.value)}`,
      expr.span,
    );
  }
}

/** A selector does not select everything, as by a slip of the hand. */
function selectsSomething({ name, matchers, span }: VectorSelector, mistakes: Mistakes): void {
  if (name !== undefined || matchers.some((matcher) => !matcher.matches(""))) return;
  mistakes.report("vector selector must contain at least one non-empty matcher", span);
}

/** `anchored` and `smoothed` need their feature. */
function extensionEnabled({ extension, span }: VectorSelector, mistakes: Mistakes): void {
  if (extension === undefined || mistakes.features.has("promql-extended-range-selectors")) return;
  mistakes.report(`${extension} modifier is experimental and not enabled`, span);
}

/** What holds for every selector. */
export const SELECTOR_RULES: readonly Rule<VectorSelector>[] = [
  nameOnce,
  selectsSomething,
  extensionEnabled,
];

/** A range is longer than nothing. */
function rangeLength({ range }: MatrixSelector, mistakes: Mistakes): void {
  positiveDuration(range, mistakes);
}

/** What holds for every range, its selector aside. */
export const RANGE_RULES: readonly Rule<MatrixSelector>[] = [rangeLength];

/** A duration that is written as a number is greater than 0; what others come to, the evaluation will see. */
export function positiveDuration(duration: DurationExpr | undefined, mistakes: Mistakes): void {
  if (duration?.kind !== "number" || duration.value > 0) return;
  mistakes.report("duration must be greater than 0", duration.span);
}
