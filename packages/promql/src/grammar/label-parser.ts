import { isWellFormed, type Matcher, type MatchOperator, METRIC_NAME } from "@linklight/model";
import { goQuote } from "../lexer/go-quote.ts";
import { readString } from "../lexer/literal.ts";
import { type TokenKind, WORDS } from "../lexer/token.ts";
import { createMatcher } from "../matcher/label-matcher.ts";
import type { Span } from "../syntax/ast.ts";
import type { TokenStream } from "./token-stream.ts";

/** maybe_label: identifiers, and every word of the language but `without`. */
function isLabel(kind: TokenKind): boolean {
  if (kind === "identifier" || kind === "metricIdentifier") return true;
  return kind in WORDS && kind !== "without";
}

/** grouping_labels: "(" [grouping_label ("," grouping_label)* [","]] ")" */
export function parseGroupingLabels(tokens: TokenStream): string[] {
  while (tokens.peek() !== "(") {
    if (!tokens.isNewMistake()) continue;
    tokens.reportUnexpected("grouping opts", '"("');
    return [];
  }
  tokens.take();
  const labels: string[] = [];
  if (tokens.takeIf(")")) return labels;
  for (;;) {
    labels.push(parseGroupingLabel(tokens));
    while (tokens.peek() !== "," && tokens.peek() !== ")") {
      if (tokens.isNewMistake()) tokens.reportUnexpected("grouping opts", '"," or ")"');
    }
    if (tokens.takeIf(")")) return labels;
    tokens.take();
    if (tokens.takeIf(")")) return labels;
  }
}

/** grouping_label: maybe_label | STRING */
function parseGroupingLabel(tokens: TokenStream): string {
  for (;;) {
    const kind = tokens.peek();
    if (isLabel(kind) || kind === "string") {
      const span = tokens.span;
      const label = kind === "string" ? readString(tokens.tokenText) : tokens.tokenText;
      tokens.take();
      if (label === "" || !isWellFormed(label))
        tokens.report(`invalid label name for grouping: ${goQuote(label)}`, span);
      return label;
    }
    if (!tokens.isNewMistake()) continue;
    tokens.reportUnexpected("grouping opts", "label");
    return "";
  }
}

/** label_matchers: "{" [label_matcher ("," label_matcher)* [","]] "}" */
export function parseMatchers(tokens: TokenStream): Matcher[] {
  tokens.take();
  const matchers: Matcher[] = [];
  if (tokens.takeIf("}")) return matchers;
  for (;;) {
    const matcher = parseMatcher(tokens);
    if (matcher !== undefined) matchers.push(matcher);
    while (tokens.peek() !== "," && tokens.peek() !== "}") {
      if (tokens.isNewMistake()) tokens.reportUnexpected("label matching", '"," or "}"');
    }
    if (tokens.takeIf("}")) return matchers;
    tokens.take();
    if (tokens.takeIf("}")) return matchers;
  }
}

const MATCH_OPERATORS: ReadonlySet<string> = new Set(["=", "!=", "=~", "!~"]);

/** label_matcher: (IDENTIFIER | STRING) match_op STRING | STRING */
function parseMatcher(tokens: TokenStream): Matcher | undefined {
  while (tokens.peek() !== "identifier" && tokens.peek() !== "string") {
    if (!tokens.isNewMistake()) continue;
    tokens.reportUnexpected("label matching", 'identifier or "}"');
    return undefined;
  }
  const isName = tokens.peek() === "string";
  const label = isName ? readString(tokens.tokenText) : tokens.tokenText;
  const span = tokens.span;
  tokens.take();
  while (!MATCH_OPERATORS.has(tokens.peek())) {
    if (isName) return matcherOf(tokens, METRIC_NAME, "=", label, span);
    if (!tokens.isNewMistake()) continue;
    tokens.reportUnexpected("label matching", "label matching operator");
    return undefined;
  }
  const operator = tokens.peek() as MatchOperator;
  tokens.take();
  while (tokens.peek() !== "string") {
    if (!tokens.isNewMistake()) continue;
    tokens.reportUnexpected("label matching", "string");
    return undefined;
  }
  const value = readString(tokens.tokenText);
  tokens.take();
  return matcherOf(tokens, label, operator, value, { start: span.start, end: tokens.lastEnd });
}

function matcherOf(
  tokens: TokenStream,
  name: string,
  operator: MatchOperator,
  value: string,
  span: Span,
): Matcher | undefined {
  try {
    return createMatcher(name, operator, value);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    tokens.report(error.message, span);
    return undefined;
  }
}
