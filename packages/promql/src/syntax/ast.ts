import type { Matcher } from "@linklight/model";

/** A stretch of the query's text: offsets in UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What an expression yields. */
export type ValueType = "scalar" | "vector" | "matrix" | "string";

/** An expression of PromQL. Every node is immutable and knows its place in the text. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | ParenExpr
  | UnaryExpr
  | BinaryExpr
  | AggregateExpr
  | Call;

/** A number, or a duration that stands for its seconds (`5m` is 300). */
export interface NumberLiteral {
  readonly kind: "number";
  readonly span: Span;
  readonly value: number;
  /** Written as a duration, and printed as one. */
  readonly isDuration: boolean;
}

export interface StringLiteral {
  readonly kind: "string";
  readonly span: Span;
  /** The text without quotes and escapes. */
  readonly value: string;
}

/**
 * A duration computed from numbers: `5m`, `step() * 2`, `max_of(range(), 1h)`. Its value is in seconds;
 * what it means is known only when start, end and step of the query are.
 */
export type DurationExpr =
  | NumberLiteral
  | DurationUnary
  | DurationBinary
  | DurationCall
  | DurationParen;

export interface DurationUnary {
  readonly kind: "durationUnary";
  readonly span: Span;
  readonly operator: "+" | "-";
  readonly operand: DurationExpr;
}

export interface DurationBinary {
  readonly kind: "durationBinary";
  readonly span: Span;
  readonly operator: "+" | "-" | "*" | "/" | "%" | "^";
  readonly left: DurationExpr;
  readonly right: DurationExpr;
}

/** `step()`, `range()`, `min_of(a, b)` or `max_of(a, b)`. */
export interface DurationCall {
  readonly kind: "durationCall";
  readonly span: Span;
  readonly name: "step" | "range" | "min_of" | "max_of";
  readonly args: readonly DurationExpr[];
}

export interface DurationParen {
  readonly kind: "durationParen";
  readonly span: Span;
  readonly inner: DurationExpr;
}

/** `@ 1609746000`, in milliseconds, or `@ start()`, `@ end()`: those of the outermost query. */
export type AtModifier =
  | { readonly at: "timestamp"; readonly timestampMs: number }
  | { readonly at: "start" }
  | { readonly at: "end" };

/** How a selector's windows treat their edges: `metric[5m] anchored`, `metric smoothed`. */
export type RangeExtension = "anchored" | "smoothed";

/** `metric{label="value"} offset 5m @ 100`: the series that satisfy all matchers. */
export interface VectorSelector {
  readonly kind: "vectorSelector";
  readonly span: Span;
  /**
   * The metric name as written before the braces, which is also the first of the matchers; undefined where
   * none is. One inside the braces (`{"up"}`) is a matcher like any other, as in Prometheus.
   */
  readonly name: string | undefined;
  /** All conditions, the one on the name included, in the order of the text. */
  readonly matchers: readonly Matcher[];
  readonly offset: DurationExpr | undefined;
  readonly at: AtModifier | undefined;
  readonly extension: RangeExtension | undefined;
}

/** `metric[5m]`. Offset, `@` and extension stand on the selector, wherever they were written. */
export interface MatrixSelector {
  readonly kind: "matrixSelector";
  readonly span: Span;
  readonly selector: VectorSelector;
  readonly range: DurationExpr;
}

/** `expr[1h:5m]`. */
export interface Subquery {
  readonly kind: "subquery";
  readonly span: Span;
  readonly expr: Expr;
  readonly range: DurationExpr;
  /** Absent in `expr[1h:]`: then the engine's default step holds. */
  readonly step: DurationExpr | undefined;
  readonly offset: DurationExpr | undefined;
  readonly at: AtModifier | undefined;
}

export interface ParenExpr {
  readonly kind: "paren";
  readonly span: Span;
  readonly expr: Expr;
}

export interface UnaryExpr {
  readonly kind: "unary";
  readonly span: Span;
  readonly operator: "+" | "-";
  readonly expr: Expr;
}

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "^" | "atan2";
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type SetOperator = "and" | "or" | "unless";
/** Cut the observations of a native histogram below (`>/`) or above (`</`) a value. */
export type TrimOperator = "</" | ">/";
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator | TrimOperator;

export interface BinaryExpr {
  readonly kind: "binary";
  readonly span: Span;
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** `bool`: a comparison answers 0 or 1 instead of filtering. */
  readonly returnBool: boolean;
  /** How the series of both sides find each other; undefined unless both are instant vectors. */
  readonly matching: VectorMatching | undefined;
}

/** `on(…) group_left(…) fill(…)`. */
export interface VectorMatching {
  /** `many-to-many` only for set operators; `group_left` is many-to-one, `group_right` one-to-many. */
  readonly cardinality: "one-to-one" | "many-to-one" | "one-to-many" | "many-to-many";
  /** Whether `labels` are those of `on` (true) or of `ignoring`. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels that `group_left(…)` or `group_right(…)` copies from the "one" side. */
  readonly include: readonly string[];
  /** What stands in for a missing sample of the left or right side: `fill`, `fill_left`, `fill_right`. */
  readonly fillLeft: number | undefined;
  readonly fillRight: number | undefined;
}

export type AggregateOperator =
  | "sum"
  | "avg"
  | "count"
  | "min"
  | "max"
  | "group"
  | "stddev"
  | "stdvar"
  | "topk"
  | "bottomk"
  | "count_values"
  | "quantile"
  | "limitk"
  | "limit_ratio";

/** `sum by (port) (expr)`, `topk(5, expr)`. */
export interface AggregateExpr {
  readonly kind: "aggregate";
  readonly span: Span;
  readonly operator: AggregateOperator;
  readonly expr: Expr;
  /** The number of `topk`, the quantile, the label of `count_values` … */
  readonly param: Expr | undefined;
  readonly grouping: readonly string[];
  /** Whether `grouping` names the labels to leave out. */
  readonly without: boolean;
}

/** `rate(metric[5m])`. */
export interface Call {
  readonly kind: "call";
  readonly span: Span;
  /** The name of a function that exists: the parser knows them all. */
  readonly name: string;
  readonly args: readonly Expr[];
}
