import type { Expr, Span } from "../syntax/ast.ts";
import { children } from "../syntax/walk.ts";
import type { Annotation } from "./annotations.ts";

/**
 * Of the remarks with the same text the one that Prometheus keeps: the last in its order of evaluation, in which
 * an expression comes after what is inside it, and the left side before the right. Here the two sides of an
 * operator may be evaluated in turns, so the order in which remarks came says nothing.
 */
export function lastOfEach(annotations: readonly Annotation[], root: Expr): readonly Annotation[] {
  const byText = new Map<string, Annotation[]>();
  for (const annotation of annotations) {
    const key = `${annotation.severity} ${annotation.text}`;
    const same = byText.get(key);
    if (same === undefined) byText.set(key, [annotation]);
    else same.push(annotation);
  }
  if (byText.size === annotations.length) return annotations;
  const ranks = ranksOf(root);
  const rank = ({ span }: Annotation): number => ranks.get(placeOf(span)) ?? 0;
  return [...byText.values()].map((same) =>
    same.reduce((last, each) => (rank(each) >= rank(last) ? each : last)),
  );
}

/** When what is said of a place is said: as the expression around it is evaluated, of which it is a part. */
function ranksOf(root: Expr): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>([[placeOf(root.span), Number.POSITIVE_INFINITY]]);
  let evaluated = 0;
  const visit = (expr: Expr): void => {
    const parts = children(expr);
    for (const part of parts) visit(part);
    evaluated++;
    for (const part of parts) ranks.set(placeOf(part.span), evaluated);
  };
  visit(root);
  return ranks;
}

function placeOf({ start, end }: Span): string {
  return `${start}-${end}`;
}
