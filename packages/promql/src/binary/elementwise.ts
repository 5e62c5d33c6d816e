import type { Annotations } from "../annotations/annotations.ts";
import { ABSENT, type Column, FLOAT } from "../eval/column.ts";
import type { BinaryExpr } from "../syntax/ast.ts";
import { compareValues, computeArithmetic, isArithmetic, isComparison } from "./float-operators.ts";
import { type ElementOperator, meetMixed } from "./mixed-samples.ts";

/**
 * A binary operator applied to two columns step by step, in two phases: `meet` finds the steps at which both sides
 * have samples that the operator can take, `apply` computes their values. Between the two, matchings look for
 * samples that meet more than once, which is an error even where a comparison then filters them out.
 */
export class Elementwise {
  readonly #operator: ElementOperator;
  readonly #returnBool: boolean;
  readonly #expr: BinaryExpr;
  readonly #annotations: Annotations;
  readonly #holds: Uint8Array;

  constructor(expr: BinaryExpr, annotations: Annotations, steps: number) {
    this.#operator = expr.operator as ElementOperator;
    this.#returnBool = expr.returnBool;
    this.#expr = expr;
    this.#annotations = annotations;
    this.#holds = new Uint8Array(steps);
  }

  /** Makes `into` present where both sides meet. `into` may be one of the sides; its values are untouched. */
  meet(left: Column, right: Column, into: Column): void {
    const length = into.present.length;
    if (
      left.histograms !== undefined ||
      right.histograms !== undefined ||
      this.#operator === "</" ||
      this.#operator === ">/"
    ) {
      meetMixed(this.#operator, left, right, into, (text) =>
        this.#annotations.inform(text, this.#expr.span),
      );
      return;
    }
    const { present } = into;
    for (let k = 0; k < length; k++)
      present[k] = (left.present[k] as number) & (right.present[k] as number);
  }

  /**
   * Gives the steps that have met their value. A comparison that filters keeps the value of `kept`, which is the
   * left side between vectors, and the vector's where the other side is a scalar.
   */
  apply(left: Column, right: Column, kept: Column, into: Column): void {
    const length = into.present.length;
    if (isArithmetic(this.#operator)) {
      computeArithmetic(this.#operator, left.values, right.values, into.values, length);
    } else if (isComparison(this.#operator)) {
      const holds = this.#holds;
      compareValues(this.#operator, left.values, right.values, holds, length);
      const { present, values } = into;
      if (this.#returnBool) {
        for (let k = 0; k < length; k++) values[k] = holds[k] as number;
      } else {
        if (kept !== into) values.set(kept.values);
        for (let k = 0; k < length; k++) if (holds[k] === 0) present[k] = ABSENT;
      }
    }
  }
}

/** A column that has the same kind of sample, a float, at each step. */
export function columnOf(values: Float64Array, column: Column): Column {
  column.present.fill(FLOAT);
  column.values.set(values);
  return column;
}
