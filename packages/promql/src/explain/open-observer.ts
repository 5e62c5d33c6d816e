import type { Value } from "../eval/operator.ts";
import type { Expr } from "../syntax/ast.ts";

/** Is told of every part of an expression that an evaluation opens, and may put a value of its own in place. */
export interface OpenObserver {
  /** Calls `open` once, and gives what it gave or something that behaves the same. */
  observe(expr: Expr, open: () => Promise<Value>): Promise<Value>;
}
