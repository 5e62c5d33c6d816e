import { assert } from "@linklight/model";
import { inTurns } from "../eval/budget.ts";
import { Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { unnamed } from "../eval/merge-same-labels.ts";
import type { Pending, ScalarValue, Value, VectorOperator } from "../eval/operator.ts";
import type { BinaryExpr, SetOperator } from "../syntax/ast.ts";
import { columnOf, Elementwise } from "./elementwise.ts";
import { isArithmetic } from "./float-operators.ts";
import { openSetOperator } from "./set-operators.ts";
import { openVectorVector } from "./vector-vector.ts";

/**
 * Opens a binary operation. Both sides have been checked: scalars or instant vectors, with `bool` where scalars
 * are compared, and a matching where both are vectors.
 */
export async function openBinary(expr: BinaryExpr, context: EvalContext): Promise<Value> {
  const left = await context.open(expr.left);
  const right = await context.open(expr.right);
  if (left.type === "scalar" && right.type === "scalar")
    return computeScalars(expr, left, right, context);
  if (left.type === "vector" && right.type === "scalar")
    return openVectorScalar(expr, left.vector, right, true, context);
  if (left.type === "scalar" && right.type === "vector")
    return openVectorScalar(expr, right.vector, left, false, context);
  assert(
    left.type === "vector" && right.type === "vector" && expr.matching !== undefined,
    `binary ${expr.operator}: operands of types ${left.type} and ${right.type}`,
  );
  const vector = isSetOperator(expr.operator)
    ? await openSetOperator(expr.operator, left.vector, right.vector, expr.matching, context)
    : await openVectorVector(expr, expr.matching, left.vector, right.vector, context);
  return { type: "vector", vector };
}

function isSetOperator(operator: string): operator is SetOperator {
  return operator === "and" || operator === "or" || operator === "unless";
}

function computeScalars(
  expr: BinaryExpr,
  left: ScalarValue,
  right: ScalarValue,
  context: EvalContext,
): ScalarValue {
  const steps = context.steps.count;
  const into = columnOf(left.values, new Column(steps));
  const other = columnOf(right.values, new Column(steps));
  new Elementwise(expr, context.annotations, steps).apply(into, other, into, into);
  return { type: "scalar", values: into.values };
}

/** An operator that computes another number, or `bool`, drops the metric name. */
async function openVectorScalar(
  expr: BinaryExpr,
  vector: VectorOperator,
  scalar: ScalarValue,
  vectorIsLeft: boolean,
  context: EvalContext,
): Promise<Value> {
  const computed = new VectorScalar(expr, vector, scalar, vectorIsLeft, context);
  if (!isArithmetic(expr.operator) && !expr.returnBool) return { type: "vector", vector: computed };
  return { type: "vector", vector: await unnamed(computed, context) };
}

/**
 * A vector and a scalar: each sample of the vector meets the scalar's number of its step. What comes out in place
 * of a sample that a comparison keeps is always the vector's, on whichever side it stands.
 */
class VectorScalar implements VectorOperator {
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
    this.#scalar = new Column(steps, new Uint8Array(steps).fill(FLOAT), scalar.values);
    this.#vectorIsLeft = vectorIsLeft;
    this.#elementwise = new Elementwise(expr, context.annotations, steps);
    this.#context = context;
  }

  column(i: number, into: Column): Pending {
    const pending = this.#vector.column(i, into);
    return pending === undefined ? this.#compute(into) : pending.then(() => this.#compute(into));
  }

  #compute(into: Column): Pending {
    const { budget, steps } = this.#context;
    // Histograms are few, and so are the steps of vectors that have them.
    if (into.histograms === undefined)
      return inTurns(steps.count, budget, (from, to) =>
        this.#meet(into.floatsBetween(from, to), this.#scalar.floatsBetween(from, to)),
      );
    this.#meet(into, this.#scalar);
    return budget.spend(steps.count) ? budget.pause() : undefined;
  }

  #meet(into: Column, scalar: Column): void {
    const left = this.#vectorIsLeft ? into : scalar;
    const right = this.#vectorIsLeft ? scalar : into;
    this.#elementwise.meet(left, right, into);
    this.#elementwise.apply(left, right, into, into);
  }
}
