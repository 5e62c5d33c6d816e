import { formatExpr, ParseError, parseExpr } from "@linklight/promql";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../alerts/random.ts";
import { findPeer } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";

const ROLE = "prometheus-3";
const FEATURE = "promql-experimental-functions";
const COUNT = 300;
/** How many promtools run at once. */
const WORKERS = 4;

const LEAVES = `1 2m foo foo[5m] 'text' {a="b"} {} foo{a=~".*"} {a!~".+"} foo{__name__="bar"} foo@10 {a=~""}`;
const OPERATORS = "+ - * / % ^ atan2 == != > <= and or unless";
const MATCHINGS =
  " |bool|on(a)|ignoring(a,b)|on(a) group_left(a)|on(a,b) group_right(c)|bool on(a)|on()|group_left";
const AGGREGATIONS = "sum avg topk quantile count_values bottomk group limitk";
const FUNCTIONS = `rate abs time round label_replace label_join histogram_quantile clamp scalar vector hour info
  quantile_over_time sort_by_label mad_over_time absent_over_time predict_linear nosuch`;

/** Queries whose syntax is right, and whose types seldom are. */
function makeQueries(): readonly string[] {
  const random = seededRandom(42);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = (words: string, separator: RegExp): string => {
    const all = words.split(separator);
    return all[below(all.length)] as string;
  };
  const word = (words: string): string => pick(words, /\s+/);
  const expr = (depth: number): string => {
    if (depth === 0) return word(LEAVES);
    const inner = (): string => expr(depth - 1);
    switch (below(7)) {
      case 0:
        return `(${inner()})`;
      case 1:
        return `${word("- +")}${inner()}`;
      case 2:
        return `${inner()} ${word(OPERATORS)} ${pick(MATCHINGS, /\|/)} ${inner()}`;
      case 3:
        return `${word(AGGREGATIONS)} ${pick("|by (a)|without(b)", /\|/)} (${pick("|1,|'x',|foo,", /\|/)}${inner()})`;
      case 4:
        return `${inner()}[5m${pick("|:|:1m", /\|/)}]`;
      default:
        return `${word(FUNCTIONS)}(${Array.from({ length: below(4) }, inner).join(", ")})`;
    }
  };
  return Array.from({ length: COUNT }, () => expr(1 + below(3)));
}

async function theirs(query: string): Promise<string> {
  const flags = ["--experimental", `--enable-feature=${FEATURE}`];
  const { stdout, stderr } = await promtool(ROLE, [...flags, "promql", "format", "--", query]);
  return (stdout + stderr).trimEnd();
}

function ours(query: string): string {
  try {
    return formatExpr(parseExpr(query, { features: [FEATURE] }));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return error.message;
  }
}

describe.skipIf(!findPeer(ROLE))("promtool promql format", () => {
  it("finds the mistakes in queries of any types that we find", { timeout: 180_000 }, async () => {
    const queries = makeQueries();
    const answers = new Map<string, string>();
    let next = 0;
    const work = async (): Promise<void> => {
      for (let query = queries[next++]; query !== undefined; query = queries[next++])
        answers.set(query, await theirs(query));
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    // A few of them break this promtool itself.
    const judged = queries.filter((query) => !answers.get(query)?.includes("parser panic"));
    const differing = judged.filter((query) => answers.get(query) !== ours(query));
    expect(differing.map((query) => [query, answers.get(query), ours(query)])).toEqual([]);
    expect(judged.length).toBeGreaterThan(0.9 * COUNT);
    const mistaken = judged.filter((query) => answers.get(query)?.includes("parse error"));
    expect(mistaken.length).toBeGreaterThan(0.5 * COUNT);
  });
});
