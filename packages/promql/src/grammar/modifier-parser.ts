import type {
  AtModifier,
  DurationExpr,
  Expr,
  MatrixSelector,
  RangeExtension,
  Subquery,
  VectorSelector,
} from "../syntax/ast.ts";
import type { Features } from "../syntax/features.ts";
import {
  isNumberNext,
  parseOffsetDuration,
  parsePositiveDuration,
  parseSeconds,
} from "./duration-parser.ts";
import type { TokenStream } from "./token-stream.ts";

type Modifiable = VectorSelector | MatrixSelector | Subquery;

interface Modifiers {
  readonly offset?: DurationExpr;
  readonly at?: AtModifier;
  readonly extension?: RangeExtension;
}

const DURATION_FORMS = "number, duration, step(), or range()";

/** What was expected where a range or subquery went wrong: after `[`, the range, the colon, the step. */
const BRACKET_STAGES: readonly (readonly [context: string, expected: string])[] = [
  ["subquery or range selector", DURATION_FORMS],
  ["subquery or range", '":" or "]"'],
  ["subquery selector", `${DURATION_FORMS}, or "]"`],
  ["subquery selector", '"]"'],
];

/**
 * matrix_selector: expr "[" positive_duration_expr "]"
 * subquery_expr: expr "[" positive_duration_expr ":" [positive_duration_expr] "]"
 *
 * A range after anything but a selector is a mistake that has been noted; what is returned then is only
 * good for finding more of them.
 */
export function parseBracket(expr: Expr, tokens: TokenStream): Expr {
  const open = tokens.start;
  tokens.take();
  let stage = 0;
  const parse = (): Expr => {
    const range = parsePositiveDuration(tokens);
    stage = 1;
    while (tokens.peek() !== "]" && tokens.peek() !== ":") tokens.syntaxError();
    if (tokens.takeIf("]")) return matrixSelector(expr, range, open, tokens);
    tokens.take();
    stage = 2;
    if (tokens.takeIf("]")) return subquery(expr, range, undefined, tokens);
    const step = parsePositiveDuration(tokens);
    stage = 3;
    tokens.expect("]");
    return subquery(expr, range, step, tokens);
  };
  return tokens.recovering(parse, () => {
    const [context, expected] = BRACKET_STAGES[stage] as readonly [string, string];
    tokens.reportUnexpected(context, expected);
    return expr;
  });
}

function matrixSelector(
  expr: Expr,
  range: DurationExpr,
  open: number,
  tokens: TokenStream,
): MatrixSelector {
  let problem: string | undefined;
  if (expr.kind !== "vectorSelector") problem = "ranges only allowed for vector selectors";
  else if (isLiteralOffset(expr.offset)) problem = "no offset modifiers allowed before range";
  else if (expr.at?.at === "timestamp") problem = "no @ modifiers allowed before range";
  const end = tokens.lastEnd;
  if (problem !== undefined) tokens.report(problem, { start: open, end });
  return {
    kind: "matrixSelector",
    span: { start: expr.span.start, end },
    selector: expr as VectorSelector,
    range,
  };
}

function subquery(
  expr: Expr,
  range: DurationExpr,
  step: DurationExpr | undefined,
  tokens: TokenStream,
): Subquery {
  const span = { start: expr.span.start, end: tokens.lastEnd };
  return { kind: "subquery", span, expr, range, step, offset: undefined, at: undefined };
}

// An offset of nothing counts as none, in Prometheus and here.
function isLiteralOffset(offset: DurationExpr | undefined): boolean {
  return offset?.kind === "number" && Math.round(offset.value * 1e9) !== 0;
}

function hasOffset(offset: DurationExpr | undefined): boolean {
  return offset !== undefined && (offset.kind !== "number" || isLiteralOffset(offset));
}

/** What an offset, `@` or extension of an expression stands on: the selector itself, that of a range, or the subquery. */
function modifiable(expr: Expr): Modifiable | undefined {
  return expr.kind === "vectorSelector" ||
    expr.kind === "matrixSelector" ||
    expr.kind === "subquery"
    ? expr
    : undefined;
}

/** The modified node itself: a range's is its selector. Undefined where the range is one of no selector. */
function bearer(expr: Modifiable, tokens: TokenStream): VectorSelector | Subquery | undefined {
  if (expr.kind !== "matrixSelector") return expr;
  if (expr.selector.kind === "vectorSelector") return expr.selector;
  tokens.report("ranges only allowed for vector selectors", expr.span);
  return undefined;
}

/** The expression with changed modifiers, and longer by what was just taken. */
function modified(expr: Modifiable, change: Modifiers, tokens: TokenStream): Expr {
  const span = { start: expr.span.start, end: tokens.lastEnd };
  if (expr.kind === "matrixSelector")
    return { ...expr, span, selector: { ...expr.selector, ...change } as VectorSelector };
  return { ...expr, ...change, span } as Expr;
}

/** offset_expr: expr OFFSET offset_duration_expr */
export function parseOffset(expr: Expr, tokens: TokenStream): Expr {
  tokens.take();
  const parse = (): Expr => withOffset(expr, parseOffsetDuration(tokens), tokens);
  return tokens.recovering(parse, () => {
    tokens.reportUnexpected("offset", DURATION_FORMS);
    return expr;
  });
}

function withOffset(expr: Expr, offset: DurationExpr, tokens: TokenStream): Expr {
  const target = modifiable(expr);
  if (target === undefined) {
    tokens.report(
      "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery",
      expr.span,
    );
    return expr;
  }
  const node = bearer(target, tokens);
  if (node === undefined) return expr;
  if (hasOffset(node.offset)) tokens.report("offset may not be set multiple times", expr.span);
  return modified(target, { offset }, tokens);
}

/**
 * step_invariant_expr: expr AT signed_or_unsigned_number
 *                    | expr AT (START | END) "(" ")"
 */
export function parseAt(expr: Expr, tokens: TokenStream): Expr {
  tokens.take();
  const parse = (): Expr => {
    for (;;) {
      const kind = tokens.peek();
      if (kind === "start" || kind === "end") {
        tokens.take();
        tokens.expect("(");
        tokens.expect(")");
        return withAt(expr, { at: kind }, tokens);
      }
      if (kind === "+" || kind === "-" || isNumberNext(tokens)) {
        const seconds = parseSeconds(tokens);
        checkTimestamp(expr, seconds, tokens);
        return withAt(expr, { at: "timestamp", timestampMs: toMilliseconds(seconds) }, tokens);
      }
      tokens.syntaxError();
    }
  };
  return tokens.recovering(parse, () => {
    tokens.reportUnexpected("@", "timestamp");
    return expr;
  });
}

// Rounds halves away from zero, as Go does; Math.round rounds them up.
function toMilliseconds(seconds: number): number {
  return Math.sign(seconds) * Math.round(Math.abs(seconds * 1000));
}

function checkTimestamp(expr: Expr, seconds: number, tokens: TokenStream): void {
  if (Math.abs(seconds) < 2 ** 63) return;
  const written = Number.isNaN(seconds)
    ? "NaN"
    : Number.isFinite(seconds)
      ? `${BigInt(seconds)}.000000`
      : seconds > 0
        ? "+Inf"
        : "-Inf";
  tokens.report(`timestamp out of bounds for @ modifier: ${written}`, expr.span);
}

function withAt(expr: Expr, at: AtModifier, tokens: TokenStream): Expr {
  const target = modifiable(expr);
  if (target === undefined) {
    tokens.report(
      "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery",
      expr.span,
    );
    return expr;
  }
  const node = bearer(target, tokens);
  if (node === undefined) return expr;
  if (node.at !== undefined) {
    tokens.report("@ <timestamp> may not be set multiple times", expr.span);
    return expr;
  }
  return modified(target, { at }, tokens);
}

/** anchored_expr: expr ANCHORED; smoothed_expr: expr SMOOTHED */
export function parseExtension(
  expr: Expr,
  extension: RangeExtension,
  tokens: TokenStream,
  features: Features,
): Expr {
  tokens.take();
  const problem = extensionProblem(expr, extension, features);
  if (problem !== undefined) tokens.report(problem, expr.span);
  const target = modifiable(expr);
  if (problem !== undefined || target === undefined || target.kind === "subquery") return expr;
  if (target.kind === "matrixSelector" && target.selector.kind !== "vectorSelector") return expr;
  return modified(target, { extension }, tokens);
}

function extensionProblem(
  expr: Expr,
  extension: RangeExtension,
  features: Features,
): string | undefined {
  if (!features.has("promql-extended-range-selectors"))
    return `${extension} modifier is experimental and not enabled`;
  if (expr.kind === "subquery") return `${extension} modifier is not supported for subqueries`;
  const selector = expr.kind === "matrixSelector" ? expr.selector : expr;
  if (selector.kind !== "vectorSelector")
    return expr.kind === "matrixSelector" ? undefined : `${extension} modifier not implemented`;
  if (selector.extension !== undefined && selector.extension !== extension)
    return "anchored and smoothed modifiers cannot be used together";
  return undefined;
}
