import { goQuote } from "../lexer/go-quote.ts";
import type { Span } from "../syntax/ast.ts";
import type { Mistakes } from "./mistakes.ts";

/** Labels to group by or to match on have names: any text in Unicode but the empty one. */
export function groupingLabels(labels: readonly string[], span: Span, mistakes: Mistakes): void {
  for (const label of labels) {
    if (label !== "" && !/\p{Surrogate}/u.test(label)) continue;
    mistakes.report(`invalid label name for grouping: ${goQuote(label)}`, span);
  }
}
