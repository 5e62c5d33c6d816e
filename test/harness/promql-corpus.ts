import { readFileSync } from "node:fs";

/**
 * A line of `conformance/promql-syntax/queries.jsonl`: a query, and what it is formatted as, or the
 * mistakes for which it is refused, with all features on.
 */
export interface QueryCase {
  readonly query: string;
  readonly format?: string;
  readonly errors?: readonly string[];
  /** False where Prometheus 3.5 judges it otherwise: the syntax is newer, or a message was changed. */
  readonly promtool?: false;
}

/** Reads all cases. */
export function queryCases(): QueryCase[] {
  const file = new URL("../../conformance/promql-syntax/queries.jsonl", import.meta.url);
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as QueryCase);
}
