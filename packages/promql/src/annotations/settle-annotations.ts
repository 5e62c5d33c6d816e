import { isStepInvariant } from "../eval/step-invariant.ts";
import type { BinaryExpr, Expr, Span } from "../syntax/ast.ts";
import { chainOf } from "../syntax/chain.ts";
import { children } from "../syntax/walk.ts";
import type { Annotation } from "./annotations.ts";

/**
 * The remarks of a query as Prometheus tells them. Of those with the same text the last counts, in its order of
 * evaluation, in which an expression comes after what is inside it, and the left side before the right; here the
 * two sides of an operator may be evaluated in turns, so the order in which remarks came says nothing. And what
 * is said of an argument is said of where its evaluation has put it: see {@link placeOfPart}.
 */
export function settleAnnotations(
  annotations: readonly Annotation[],
  root: Expr,
): readonly Annotation[] {
  if (annotations.length === 0) return annotations;
  const settling = {
    ranks: new Map([[keyOf(root.span), Number.POSITIVE_INFINITY]]),
    moved: new Map(),
  };
  visit(root, settling, 0);
  const rank = ({ span }: Annotation): number => settling.ranks.get(keyOf(span)) ?? 0;
  const byText = new Map<string, Annotation>();
  for (const annotation of annotations) {
    const key = `${annotation.severity} ${annotation.text}`;
    const known = byText.get(key);
    if (known === undefined || rank(annotation) >= rank(known)) byText.set(key, annotation);
  }
  return Array.from(byText.values(), (annotation) => {
    const span = settling.moved.get(keyOf(annotation.span));
    return span === undefined ? annotation : { ...annotation, span };
  });
}

interface Settling {
  /** When what is said of a place is said: as the expression around it is evaluated, of which it is a part. */
  readonly ranks: Map<string, number>;
  /** Where else it is said of. */
  readonly moved: Map<string, Span>;
}

/** Settles the places inside an expression; returns how many expressions have been evaluated then. */
function visit(expr: Expr, settling: Settling, evaluated: number): number {
  if (expr.kind !== "binary") {
    const before = children(expr).reduce((n, part) => visit(part, settling, n), evaluated);
    return settle(expr, settling, before + 1);
  }
  const chain = chainOf(expr);
  let count = visit((chain[0] as BinaryExpr).left, settling, evaluated);
  for (const one of chain) count = settle(one, settling, visit(one.right, settling, count) + 1);
  return count;
}

/** Settles the parts of an expression, which is evaluated as the one of that number; returns the number. */
function settle(expr: Expr, settling: Settling, rank: number): number {
  for (const part of children(expr)) {
    const key = keyOf(part.span);
    settling.ranks.set(key, rank);
    const place = placeOfPart(part, expr);
    if (place !== part.span) settling.moved.set(key, place);
  }
  return rank;
}

const BEGINNING: Span = { start: 0, end: 0 };

/**
 * The place that Prometheus knows of an argument: without parentheses, unless these have been set aside as a part
 * that is evaluated only once; a subquery has been replaced by its samples, which have no place.
 */
function placeOfPart(part: Expr, parent: Expr): Span {
  const isArgument =
    parent.kind === "call" || (parent.kind === "aggregate" && part === parent.param);
  if (!isArgument) return part.span;
  const isSetAside = parent.kind === "call" && isStepInvariant(part) && !isStepInvariant(parent);
  let inner = part;
  while (inner.kind === "paren" && !isSetAside) inner = inner.expr;
  return inner.kind === "subquery" && !isSetAside ? BEGINNING : inner.span;
}

function keyOf({ start, end }: Span): string {
  return `${start}-${end}`;
}
