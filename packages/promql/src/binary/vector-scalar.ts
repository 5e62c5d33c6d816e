import { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { Pending, ScalarValue, VectorOperator } from "../eval/operator.ts";
import type { BinaryExpr } from "../syntax/ast.ts";
import { columnOf, Elementwise } from "./elementwise.ts";

/**
 * A vector and a scalar: each sample of the vector meets the scalar's number of its step. What comes out in place
 * of a sample that a comparison keeps is always the vector's, on whichever side it stands.
 */
export class VectorScalar implements VectorOperator {
  readonly series: VectorOperator["series"];
  readonly #vector: VectorOperator;
  readonly #scalar: Column;
  readonly #vectorIsLeft: boolean;
  readonly #elementwise: Elementwise;
  readonly #context: EvalContext;

  constructor(
    expr: BinaryExpr,
    vector: VectorOperator,
    scalar: ScalarValue,
    vectorIsLeft: boolean,
    context: EvalContext,
  ) {
    const steps = context.steps.count;
    this.series = vector.series;
    this.#vector = vector;
    this.#scalar = columnOf(scalar.values, new Column(steps));
    this.#vectorIsLeft = vectorIsLeft;
    this.#elementwise = new Elementwise(expr, context.annotations, steps);
    this.#context = context;
  }

  column(i: number, into: Column): Pending {
    const pending = this.#vector.column(i, into);
    return pending === undefined ? this.#compute(into) : pending.then(() => this.#compute(into));
  }

  #compute(into: Column): Pending {
    const left = this.#vectorIsLeft ? into : this.#scalar;
    const right = this.#vectorIsLeft ? this.#scalar : into;
    this.#elementwise.meet(left, right, into);
    this.#elementwise.apply(left, right, into, into);
    const { budget, steps } = this.#context;
    return budget.spend(steps.count) ? budget.pause() : undefined;
  }
}
