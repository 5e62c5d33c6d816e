import { goQuote } from "./go-quote.ts";

/** Words of the language, and what class of words they are. All of them may be metric or label names somewhere. */
export const WORDS = {
  and: "operator",
  or: "operator",
  unless: "operator",
  atan2: "operator",
  sum: "aggregator",
  avg: "aggregator",
  count: "aggregator",
  min: "aggregator",
  max: "aggregator",
  group: "aggregator",
  stddev: "aggregator",
  stdvar: "aggregator",
  topk: "aggregator",
  bottomk: "aggregator",
  count_values: "aggregator",
  quantile: "aggregator",
  limitk: "aggregator",
  limit_ratio: "aggregator",
  offset: "keyword",
  smoothed: "keyword",
  anchored: "keyword",
  by: "keyword",
  without: "keyword",
  on: "keyword",
  ignoring: "keyword",
  group_left: "keyword",
  group_right: "keyword",
  fill: "keyword",
  fill_left: "keyword",
  fill_right: "keyword",
  bool: "keyword",
  start: "function",
  end: "function",
  step: "function",
  range: "function",
  min_of: "function",
  max_of: "function",
} as const;

/** A word of the language, in lower case. */
export type Word = keyof typeof WORDS;

/** Signs that are tokens of their own, longest first where one begins another. */
export type Sign =
  | ("(" | ")" | "{" | "}" | "[" | "]" | "," | ":" | "=" | "=~" | "!~" | "@")
  | ("+" | "-" | "*" | "/" | "%" | "^" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "</" | ">/");

/**
 * What a token is. `eof` is the end of the text, once; `none` comes after it, and after a token that
 * cannot be read (`error`).
 */
export type TokenKind =
  | Word
  | Sign
  | ("identifier" | "metricIdentifier" | "number" | "duration" | "string")
  | ("error" | "eof" | "none");

/** Words that cannot be metric names. */
const NEVER_METRICS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...(["atan2", "bool", "group_left", "group_right", "ignoring", "on"] as const),
]);

const BEGINNINGS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...(["number", "duration", "string", "identifier", "metricIdentifier"] as const),
  ...(["(", "{", "+", "-"] as const),
]);

/** Whether a token is a word of the language that can be a metric name. */
export function isMetricWord(kind: TokenKind): boolean {
  return kind in WORDS && !NEVER_METRICS.has(kind);
}

/** Whether an expression can begin with a token. */
export function beginsExpression(kind: TokenKind): boolean {
  return BEGINNINGS.has(kind) || isMetricWord(kind);
}

const OPERATOR_SIGNS: ReadonlySet<string> = new Set([
  ...["+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "</", ">/", "=~", "!~", "@"],
]);

function shortened(text: string): string {
  // Go measures the whole in bytes, but cuts after ten characters.
  if (new TextEncoder().encode(text).length <= 10) return goQuote(text);
  return `${goQuote([...text].slice(0, 10).join(""))}...`;
}

/** A token in the words of Prometheus' error messages: `<op:+>`, `identifier "foo"`, `end of input`. */
export function describeToken(kind: TokenKind, text: string): string {
  if (kind === "eof" || kind === "none") return "end of input";
  if (kind === "identifier") return `identifier ${goQuote(text)}`;
  if (kind === "metricIdentifier") return `metric identifier ${goQuote(text)}`;
  if (kind === "number" || kind === "duration" || kind === "string")
    return `${kind} ${shortened(text)}`;
  const wordClass = (WORDS as Readonly<Record<string, string>>)[kind];
  if (wordClass === "keyword") return `<${text}>`;
  if (wordClass === "operator" || OPERATOR_SIGNS.has(kind)) return `<op:${text}>`;
  if (wordClass === "aggregator") return `<aggr:${text}>`;
  return shortened(text);
}
