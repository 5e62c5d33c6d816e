import process from "node:process";
import { type FeatureFlag, formatExpr } from "@linklight/promql";
import { queryText, readQuery } from "./read-query.ts";

/** The flags of `linklight promql format`. */
export interface FormatFlags {
  /** All where it is missing. */
  readonly enableFeature?: readonly FeatureFlag[];
}

/** Prints a query as Prometheus writes it. Throws CommandFailure for a text that is no query. */
export async function formatQuery(argument: string, flags: FormatFlags): Promise<void> {
  const expr = readQuery(await queryText(argument), flags.enableFeature ?? "all");
  process.stdout.write(`${formatExpr(expr)}\n`);
}
