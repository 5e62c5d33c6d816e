import type { Matcher } from "@linklight/model";
import { drawError, ParseError, parseSelector } from "@linklight/promql";
import { CommandFailure } from "../failure.ts";

/** The matchers of a series selector such as `{job="switch"}`. Throws CommandFailure with the place of a mistake. */
export function readSelector(text: string): readonly Matcher[] {
  try {
    return parseSelector(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new CommandFailure(drawError(error), undefined, { cause: error });
  }
}
