import process from "node:process";
import { text } from "node:stream/consumers";
import { drawError, type Expr, type FeaturesLike, ParseError, parseExpr } from "@linklight/promql";
import { CommandFailure } from "../failure.ts";

/** The text of a query as the command line gives it: itself, or what stands on standard input. */
export async function queryText(argument: string): Promise<string> {
  if (argument !== "-") return argument;
  // The line feed at the end of a file is not part of the query.
  return (await text(process.stdin)).trimEnd();
}

/** Of more mistakes than these only the number is said. */
const MOST_DRAWINGS = 10;

/** Reads a query. Throws CommandFailure with a drawing of the mistakes. */
export function readQuery(query: string, features: FeaturesLike): Expr {
  try {
    return parseExpr(query, { features });
  } catch (error) {
    throw drawn(error);
  }
}

/** An error for the user: mistakes in a query each with a drawing of its place, any other as it is. */
export function drawn(error: unknown): unknown {
  if (!(error instanceof ParseError)) return error;
  const drawings = error.errors.slice(0, MOST_DRAWINGS).map(drawError);
  const more = error.errors.length - drawings.length;
  if (more > 0) drawings.push(`and ${more} more`);
  return new CommandFailure(drawings.join("\n"), undefined, { cause: error });
}
