import type { Matcher, MatchOperator } from "@linklight/model";
import { compilePattern } from "./pattern.ts";

/**
 * A condition on a label, as in `{port=~"eth.*"}`. A regular expression must match the value as a whole.
 * Throws a SyntaxError in the words of Go's regexp package for a bad one.
 */
export function createMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  switch (operator) {
    case "=":
      return { name, operator, value, literals: [value], matches: (text) => text === value };
    case "!=":
      return { name, operator, value, matches: (text) => text !== value };
    case "=~":
      return { ...compilePattern(value), name, operator, value };
    case "!~": {
      const { matches } = compilePattern(value);
      return { name, operator, value, matches: (text) => !matches(text) };
    }
  }
}
