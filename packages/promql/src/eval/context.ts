import type { Annotations } from "../annotations/annotations.ts";
import type { OpenObserver } from "../explain/open-observer.ts";
import type { Queryable } from "../queryable/queryable.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Features } from "../syntax/features.ts";
import type { Budget } from "./budget.ts";
import type { Value } from "./operator.ts";
import type { Steps } from "./steps.ts";

/**
 * Everything an expression is opened with. One for each set of steps: a subquery opens its inner expression
 * in a context with steps of its own, in which all else is shared.
 */
export interface EvalContext {
  readonly queryable: Queryable;
  readonly steps: Steps;
  /** The outermost query's times, for `@ start()`, `range()` and `step()`; `stepMs` is 0 in an instant query. */
  readonly query: { readonly startMs: number; readonly endMs: number; readonly stepMs: number };
  /** How far back an instant selector looks, in ms. */
  readonly lookbackDeltaMs: number;
  /** The step of a subquery that names none, in ms. */
  readonly defaultSubqueryStepMs: number;
  readonly features: Features;
  readonly annotations: Annotations;
  readonly budget: Budget;
  readonly signal: AbortSignal | undefined;
  /** The text of the whole query, for errors that are found only now. */
  readonly text: string;
  /** Warnings of the storage. */
  readonly storageWarnings: Set<string>;
  /** The function or aggregation directly around what is opened, if any: a hint for the storage. */
  readonly around: string | undefined;
  /** A part that has been opened for these steps before what it is in: the inner end of a long chain. */
  readonly opened?: { readonly expr: Expr; readonly value: Value } | undefined;
  /** Is told of every part that is opened. */
  readonly observer?: OpenObserver | undefined;
  /** Opens a part of the expression for the same steps, or for others. */
  open(expr: Expr, steps?: Steps): Promise<Value>;
}
