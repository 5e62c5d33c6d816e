import process from "node:process";
import {
  Engine,
  type ExplainNode,
  explainExpr,
  explainQuery,
  type FeatureFlag,
  type FeaturesLike,
  type InstantQuery,
  type QueryResult,
  type RangeQuery,
} from "@linklight/promql";
import { CommandFailure, ExitCode } from "../failure.ts";
import { parseStep, parseTime } from "../query/query-time.ts";
import { describeResult } from "./describe-result.ts";
import { explainTree } from "./explain-tree.ts";
import { drawn, queryText, readQuery } from "./read-query.ts";
import { type ReadSamples, readSamples } from "./read-samples.ts";

/** The flags of `linklight promql explain`. */
export interface ExplainFlags {
  readonly data?: string;
  readonly time?: string;
  readonly start?: string;
  readonly end?: string;
  readonly step?: string;
  readonly format: "tree" | "json";
  readonly enableFeature?: readonly FeatureFlag[];
}

/** Prometheus' graph has as many steps. */
const DEFAULT_STEPS = 250;

/** Prints the tree of a query, with what its parts gave and took where there are samples. Throws CommandFailure. */
export async function explain(argument: string, flags: ExplainFlags): Promise<void> {
  checkFlags(argument, flags);
  const query = await queryText(argument);
  const features: FeaturesLike = flags.enableFeature ?? "all";
  const expr = readQuery(query, features);
  if (flags.data === undefined) {
    print(flags, explainExpr(expr));
    return;
  }
  const samples = await readSamples(flags.data, timeOf(flags) ?? Date.now());
  const engine = new Engine({ features });
  try {
    const asked = queryOf(query, flags, samples);
    const { tree, result } = await explainQuery(engine, samples.storage, asked);
    print(flags, tree, { asked, result, samples });
  } catch (error) {
    // A duration that is computed may turn out wrong only now.
    throw drawn(error);
  }
}

function checkFlags(argument: string, { data, time, start, end, step }: ExplainFlags): void {
  if (argument === "-" && data === "-")
    throw usage("the query and the samples cannot both come from standard input");
  if (data === undefined && (time ?? start ?? end ?? step) !== undefined)
    throw usage("times are for evaluating: give samples with --data too");
}

function usage(message: string): CommandFailure {
  return new CommandFailure(message, ExitCode.USAGE);
}

/** The time that samples without one have: that of the query, where it is given. */
function timeOf({ time, end }: ExplainFlags): number | undefined {
  if (time !== undefined) return milliseconds(time, "--time");
  return end === undefined ? undefined : milliseconds(end, "--end");
}

function milliseconds(text: string, flag: string): number {
  return Math.round(parseTime(text, flag) * 1000);
}

function queryOf(
  query: string,
  { time, start, end, step }: ExplainFlags,
  { firstMs, lastMs, count }: ReadSamples,
): InstantQuery | RangeQuery {
  const first = count === 0 ? 0 : firstMs;
  const last = count === 0 ? 0 : lastMs;
  if ((start ?? end ?? step) === undefined)
    return { query, timeMs: time === undefined ? last : milliseconds(time, "--time") };
  const endMs = end === undefined ? last : milliseconds(end, "--end");
  const startMs = start === undefined ? Math.min(first, endMs) : milliseconds(start, "--start");
  const stepMs =
    step === undefined
      ? Math.max(1000, Math.floor((endMs - startMs) / DEFAULT_STEPS / 1000) * 1000)
      : Math.round(parseStep(step) * 1000);
  return { query, startMs, endMs, stepMs };
}

interface Evaluated {
  readonly asked: InstantQuery | RangeQuery;
  readonly result: QueryResult;
  readonly samples: ReadSamples;
}

function print({ format }: ExplainFlags, tree: ExplainNode, evaluated?: Evaluated): void {
  if (format === "json") {
    const annotations = evaluated?.result.annotations;
    const whole = { tree, ...(annotations === undefined ? {} : { annotations }) };
    process.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);
    return;
  }
  process.stdout.write(explainTree(tree));
  if (evaluated === undefined) return;
  const { asked, result, samples } = evaluated;
  process.stdout.write(`\n${describeResult(asked, result, samples.count)}`);
}
