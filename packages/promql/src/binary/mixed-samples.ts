import { ABSENT, type Column, FLOAT, HISTOGRAM } from "../eval/column.ts";
import type { ArithmeticOperator, ComparisonOperator, TrimOperator } from "../syntax/ast.ts";

/** An operator other than the set operators. */
export type ElementOperator = ArithmeticOperator | ComparisonOperator | TrimOperator;

const TYPE_NAMES = ["", "float", "histogram"] as const;

/**
 * What binary operators do where native histograms take part: makes `into` present only at the steps where two
 * floats meet, and reports each pair of types that the operator cannot take, in Prometheus' words.
 *
 * The pairs that Prometheus can compute (histogram + histogram, histogram * float …) yield nothing yet; this is the
 * place where their arithmetic comes in. Trim operators take histograms only.
 */
export function meetMixed(
  operator: ElementOperator,
  left: Column,
  right: Column,
  into: Column,
  inform: (text: string) => void,
): void {
  const trims = operator === "</" || operator === ">/";
  // Each pair of types is reported once a column: at most four texts, however many steps.
  let reported = 0;
  for (let k = 0; k < into.present.length; k++) {
    const l = left.present[k] as number;
    const r = right.present[k] as number;
    if (l === ABSENT || r === ABSENT) {
      into.present[k] = ABSENT;
    } else if (l === FLOAT && r === FLOAT && !trims) {
      into.present[k] = FLOAT;
    } else {
      into.present[k] = ABSENT;
      const pair = 1 << (2 * (l - 1) + (r - 1));
      if (isComputable(operator, l, r) || (reported & pair) !== 0) continue;
      reported |= pair;
      inform(
        `incompatible sample types encountered for binary operator "${operator}": ` +
          `${TYPE_NAMES[l]} ${operator} ${TYPE_NAMES[r]}`,
      );
    }
  }
  into.histograms = undefined;
}

/** Whether an operator has a meaning for a pair of types of which one is a histogram. */
function isComputable(operator: ElementOperator, left: number, right: number): boolean {
  if (left === HISTOGRAM && right === HISTOGRAM) return ["+", "-", "==", "!="].includes(operator);
  if (left === HISTOGRAM) return ["*", "/", "</", ">/"].includes(operator);
  return right === HISTOGRAM && operator === "*";
}
