import type { Value } from "../eval/operator.ts";
import type { Expr } from "../syntax/ast.ts";
import { valueType } from "../syntax/value-type.ts";
import { type ExplainNode, explainExpr, type Measured } from "./explain-expr.ts";
import { Measurement } from "./measurement.ts";
import type { OpenObserver } from "./open-observer.ts";

/**
 * Watches one evaluation of an expression and tells afterwards what each part gave and took.
 * Parts are known by their place in the text: the evaluation may have built them anew.
 */
export class Explanation implements OpenObserver {
  readonly #now: () => number;
  readonly #measurements = new Map<string, Measurement>();

  /** `now` is a monotonic clock in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  async observe(expr: Expr, open: () => Promise<Value>): Promise<Value> {
    const measurement = this.#measurementOf(expr);
    measurement.start();
    const value = await open();
    measurement.stop();
    if (value.type === "vector") measurement.series = value.vector.series.length;
    else if (value.type === "matrix") measurement.series = value.matrix.series.length;
    else if (value.type === "scalar") measurement.samples += value.values.length;
    return measurement.wrap(value);
  }

  #measurementOf(expr: Expr): Measurement {
    const key = keyOf(expr);
    let measurement = this.#measurements.get(key);
    if (measurement === undefined) {
      measurement = new Measurement(this.#now);
      this.#measurements.set(key, measurement);
    }
    return measurement;
  }

  /** The tree of the expression that was evaluated, with what was measured. */
  tree(expr: Expr): ExplainNode {
    return explainExpr(expr, (part): Measured | undefined => {
      const measurement = this.#measurements.get(keyOf(part));
      if (measurement === undefined) return undefined;
      const { series, samples, totalMs } = measurement;
      return {
        ...(series === undefined ? {} : { series }),
        ...(valueType(part) === "string" ? {} : { samples }),
        totalMs,
      };
    });
  }
}

function keyOf(written: Expr): string {
  // Parentheses are opened as what is inside them.
  let expr = written;
  while (expr.kind === "paren") expr = expr.expr;
  const { kind, span } = expr;
  return `${kind} ${span.start} ${span.end}`;
}
