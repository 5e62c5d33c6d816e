import type { Engine } from "../engine/engine.ts";
import type { InstantQuery, RangeQuery } from "../engine/engine-options.ts";
import type { QueryResult } from "../engine/query-result.ts";
import type { Queryable } from "../queryable/queryable.ts";
import { parseExpr } from "../syntax/parser.ts";
import type { ExplainNode } from "./explain-expr.ts";
import { Explanation } from "./explanation.ts";

/** What a query yields, and how it came about. */
export interface ExplainedResult {
  readonly result: QueryResult;
  readonly tree: ExplainNode;
}

/**
 * Evaluates a query as `engine.instant` or `engine.range` would, and gives beside the result the tree of the
 * expression: what each part gave, and how long it took. Throws what they throw. Measuring makes a query
 * slower, the more so the less is done for each series.
 */
export async function explainQuery(
  engine: Engine,
  queryable: Queryable,
  query: InstantQuery | RangeQuery,
): Promise<ExplainedResult> {
  const expr = parseExpr(query.query, { features: engine.features });
  const explanation = new Explanation();
  const result =
    "timeMs" in query
      ? await engine.instant(queryable, { ...query, observer: explanation })
      : await engine.range(queryable, { ...query, observer: explanation });
  return { result, tree: explanation.tree(expr) };
}
