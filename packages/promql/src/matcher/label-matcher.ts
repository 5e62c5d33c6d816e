import type { Matcher, MatchOperator } from "@linklight/model";
import { RE2JS } from "re2js";

/** A condition on a label. Throws a SyntaxError in RE2's words for a bad pattern. */
export function createMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  if (operator === "=") return { name, operator, value, matches: (text) => text === value };
  if (operator === "!=") return { name, operator, value, matches: (text) => text !== value };
  RE2JS.compile(value);
  const pattern = RE2JS.compile(`^(?s:${value})$`);
  const isPositive = operator === "=~";
  return { name, operator, value, matches: (text) => pattern.matches(text) === isPositive };
}
