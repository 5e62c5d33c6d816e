import { compareUtf8, isLegacyLabelName, type Labels } from "@linklight/model";
import { executionError, type QueryError } from "../eval/query-error.ts";
import { goQuote } from "../lexer/go-quote.ts";
import type { VectorMatching } from "../syntax/ast.ts";
import { matchLabels } from "./match-groups.ts";

/** Two series of one match group on the side where there may be one; the message names the first in order first. */
export function duplicateSeriesError(a: Labels, b: Labels, matching: VectorMatching): QueryError {
  const side = matching.cardinality === "one-to-many" ? "left" : "right";
  const [first, second] = [labelsText(a), labelsText(b)].sort(compareUtf8) as [string, string];
  return executionError(
    `found duplicate series for the match group ${labelsText(matchLabels(a, matching))} on the ${side} hand-side ` +
      `of the operation: [${first}, ${second}];many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}

/** Two series of one match group on the left side of a matching that is one to one. */
export function explicitGroupingError(): QueryError {
  return executionError(
    "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
  );
}

/** Two series of one match group whose results would have the same labels. */
export function groupingLabelsError(): QueryError {
  return executionError("multiple matches for labels: grouping labels must ensure unique matches");
}

/** A label set as Prometheus' messages have it: `{__name__="up", job="node"}`. */
function labelsText(labels: Labels): string {
  const parts: string[] = [];
  for (const [name, value] of labels)
    parts.push(`${isLegacyLabelName(name) ? name : goQuote(name)}=${goQuote(value)}`);
  return `{${parts.join(", ")}}`;
}
