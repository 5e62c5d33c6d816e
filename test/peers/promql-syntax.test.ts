import { formatExpr, ParseError, parseExpr } from "@linklight/promql";
import { describe, expect, it } from "vitest";
import { findPeer } from "../harness/peer.ts";
import { queryCases } from "../harness/promql-corpus.ts";
import { promtool } from "../harness/promtool.ts";

const ROLE = "prometheus-3";
const FEATURE = "promql-experimental-functions";
/** How many promtools run at once. */
const WORKERS = 4;

/** What `promtool promql format` says of a query: the formatted one, or the first mistake. */
async function theirs(query: string): Promise<string> {
  const flags = ["--experimental", `--enable-feature=${FEATURE}`];
  const { stdout, stderr } = await promtool(ROLE, [...flags, "promql", "format", "--", query]);
  return (stdout + stderr).replace(/\n$/, "");
}

function ours(query: string): string {
  try {
    return formatExpr(parseExpr(query, { features: [FEATURE] }));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return error.message;
  }
}

// The corpus is held to our parser by its unit test; here it is proved against the real one, so that
// both the cases that are right and the messages of those that are not are Prometheus' own.
describe.skipIf(!findPeer(ROLE))("promtool promql format", () => {
  it("says of the corpus what we say", { timeout: 180_000 }, async () => {
    const queries = queryCases()
      .filter(({ query, promtool: isSame }) => isSame !== false && !query.includes("\0"))
      .map(({ query }) => query);
    const answers = new Map<string, string>();
    let next = 0;
    const work = async (): Promise<void> => {
      for (let query = queries[next++]; query !== undefined; query = queries[next++])
        answers.set(query, await theirs(query));
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    const judged = (judge: (query: string) => string | undefined): unknown =>
      queries.map((query) => ({ query, says: judge(query) }));
    expect(judged(ours)).toEqual(judged((query) => answers.get(query)));
    expect(queries.length).toBeGreaterThan(500);
  });
});
