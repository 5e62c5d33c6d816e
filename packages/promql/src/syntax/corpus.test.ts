import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ParseError } from "./parse-error.ts";
import { parseExpr } from "./parser.ts";
import { formatExpr } from "./prettifier.ts";

/** A line of `conformance/promql-syntax/queries.jsonl`: a query, and what it is formatted as or refused for. */
interface CorpusCase {
  readonly query: string;
  readonly format?: string;
  readonly errors?: readonly string[];
}

const file = new URL("../../../../conformance/promql-syntax/queries.jsonl", import.meta.url);
const cases = readFileSync(file, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as CorpusCase & { readonly promtool?: boolean });

function judge(query: string): CorpusCase {
  try {
    return { query, format: formatExpr(parseExpr(query, { features: "all" })) };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { query, errors: error.errors.map(({ message }) => message) };
  }
}

describe("the corpus of queries", () => {
  it.each(cases.map(({ promtool, ...own }) => own))("is judged as it says: $query", (expected) => {
    expect(judge(expected.query)).toEqual(expected);
  });

  it("is formatted into what stays as it is", () => {
    const formatted = cases.flatMap(({ format }) => format ?? []);
    expect(formatted.map((query) => judge(query).format)).toEqual(formatted);
  });
});
