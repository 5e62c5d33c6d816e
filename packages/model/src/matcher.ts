/** How a {@link Matcher} compares: equal, not equal, matches a regular expression, does not match one. */
export type MatchOperator = "=" | "!=" | "=~" | "!~";

/**
 * One condition on a label, as in `{port="1"}`. Only an interface: `promql` implements it with a
 * linear-time regular-expression engine, and storage merely receives it.
 */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** Whether a label value fulfils the condition. An absent label has the empty value. */
  matches(value: string): boolean;
  /** All values that can match, where they are known (`=~"a|b"`): storage looks them up instead of scanning. */
  readonly literals?: readonly string[];
  /** What every matching value begins with, where it is known (`=~"eth.*"`). */
  readonly prefix?: string;
}
