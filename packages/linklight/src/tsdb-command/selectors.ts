import type { Matcher } from "@linklight/model";
import { drawError, ParseError, parseExpr } from "@linklight/promql";
import { CommandFailure } from "../failure.ts";

/** The matchers of a series selector such as `{job="switch"}`. Throws CommandFailure with the place of a mistake. */
export function readSelector(text: string): readonly Matcher[] {
  try {
    const expr = parseExpr(text);
    if (expr.kind === "vectorSelector" && expr.offset === undefined && expr.at === undefined)
      return expr.matchers;
  } catch (error) {
    if (error instanceof ParseError)
      throw new CommandFailure(drawError(error), undefined, { cause: error });
    throw error;
  }
  throw new CommandFailure(`expected type vector selector, got ${text}`);
}
