import { type Matcher, METRIC_NAME } from "@linklight/model";
import { functionSignature } from "../functions/signatures.ts";
import { goQuote } from "../lexer/go-quote.ts";
import { readString } from "../lexer/literal.ts";
import { beginsExpression, isMetricWord, type TokenKind, WORDS } from "../lexer/token.ts";
import { createMatcher } from "../matcher/label-matcher.ts";
import type {
  AggregateOperator,
  BinaryOperator,
  Call,
  Expr,
  ParenExpr,
  Span,
  StringLiteral,
  UnaryExpr,
  VectorSelector,
} from "../syntax/ast.ts";
import type { Features } from "../syntax/features.ts";
import { type BinaryModifiers, binaryExpr, parseBinaryModifiers } from "./binary-parser.ts";
import { parseNumberLiteral } from "./duration-parser.ts";
import { parseGroupingLabels, parseMatchers } from "./label-parser.ts";
import { parseAt, parseBracket, parseExtension, parseOffset } from "./modifier-parser.ts";
import type { TokenStream } from "./token-stream.ts";

/** How tightly binary operators bind. A sign binds like a product, all else that follows an operand tighter than any. */
const PRECEDENCE: Readonly<Partial<Record<TokenKind, number>>> = {
  or: 1,
  and: 2,
  unless: 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "</": 3,
  ">/": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  atan2: 5,
  "^": 6,
};
const POWER = 6;

const PARAMETRIC: ReadonlySet<string> = new Set([
  "topk",
  "bottomk",
  "count_values",
  "quantile",
  "limitk",
  "limit_ratio",
]);

/** The recursive part of the grammar: everything that has expressions inside. */
export class ExpressionParser {
  readonly #tokens: TokenStream;
  readonly #features: Features;
  /** How many levels the expression has that was parsed last. */
  #height = 0;

  constructor(tokens: TokenStream, features: Features) {
    this.#tokens = tokens;
    this.#features = features;
  }

  /** start: expr EOF. Undefined where no expression could be made out; the mistakes are in the tokens. */
  parse(): Expr | undefined {
    const tokens = this.#tokens;
    return tokens.recovering<Expr | undefined>(
      () => {
        if (tokens.peek() === "eof") {
          tokens.report("no expression found in input", { start: 0, end: 0 });
          return undefined;
        }
        const expr = this.#expression();
        this.#endOfInput();
        return expr;
      },
      () => {
        tokens.reportUnexpected("", "");
        this.#endOfInput();
        return undefined;
      },
    );
  }

  /** start: vector_selector EOF, and nothing else: no range, no offset. */
  parseSelector(): VectorSelector | undefined {
    const tokens = this.#tokens;
    return tokens.recovering<VectorSelector | undefined>(
      () => {
        const kind = tokens.peek();
        const { span } = tokens;
        const isNamed = kind === "identifier" || kind === "metricIdentifier" || isMetricWord(kind);
        if (!isNamed && kind !== "{") tokens.syntaxError();
        const name = isNamed ? tokens.tokenText : undefined;
        if (isNamed) tokens.take();
        const selector = this.#selector(name, span);
        this.#endOfInput();
        return selector;
      },
      () => {
        tokens.reportUnexpected("", "");
        this.#endOfInput();
        return undefined;
      },
    );
  }

  #endOfInput(): void {
    const tokens = this.#tokens;
    while (tokens.peek() !== "eof" && tokens.peek() !== "none") tokens.syntaxError();
  }

  #expression(): Expr {
    return this.#binary(1);
  }

  /** An expression that one of two tokens must follow, which is taken and returned. */
  #expressionBefore(
    closing: ")",
    other: ")" | ",",
  ): { readonly expr: Expr; readonly isClosed: boolean } {
    const tokens = this.#tokens;
    let expr = this.#expression();
    while (tokens.peek() !== closing && tokens.peek() !== other) {
      tokens.syntaxError();
      expr = this.#operators(this.#modifiers(expr), 1);
    }
    return { expr, isClosed: tokens.peek() === closing };
  }

  /** binary_expr: expr operator bin_modifier expr */
  #binary(least: number): Expr {
    this.#tokens.enter();
    const expr = this.#operators(this.#unary(), least);
    this.#tokens.depth--;
    return expr;
  }

  #operators(first: Expr, least: number): Expr {
    const tokens = this.#tokens;
    let left = first;
    for (;;) {
      const operator = tokens.peek();
      const precedence = PRECEDENCE[operator];
      if (precedence === undefined || precedence < least) return left;
      // A chain of operators is one level, however long it is: whatever goes through the tree does so in a loop.
      const leftHeight = this.#height - (left.kind === "binary" ? 1 : 0);
      tokens.take();
      const modifiers: BinaryModifiers = parseBinaryModifiers(tokens);
      const right = this.#binary(precedence === POWER ? POWER : precedence + 1);
      left = binaryExpr(operator as BinaryOperator, left, right, modifiers, tokens, this.#features);
      this.#grow(Math.max(leftHeight, this.#height));
    }
  }

  #grow(below: number): void {
    this.#height = below + 1;
    this.#tokens.checkDepth(this.#height);
  }

  /** unary_expr: (ADD | SUB) expr. A sign before a number becomes part of it. */
  #unary(): Expr {
    const tokens = this.#tokens;
    const operator = tokens.peek();
    if (operator !== "+" && operator !== "-") return this.#modifiers(this.#primary());
    const start = tokens.start;
    tokens.take();
    const expr = this.#binary(POWER);
    const span = { start, end: expr.span.end };
    if (expr.kind === "number")
      return { ...expr, span, value: operator === "-" ? -expr.value : expr.value };
    this.#grow(this.#height);
    return { kind: "unary", span, operator, expr } satisfies UnaryExpr;
  }

  /** expr ("[" … "]" | OFFSET … | AT … | ANCHORED | SMOOTHED)* */
  #modifiers(first: Expr): Expr {
    const tokens = this.#tokens;
    let expr = first;
    for (;;) {
      const kind = tokens.peek();
      if (kind === "[") {
        expr = parseBracket(expr, tokens);
        this.#grow(this.#height);
      } else if (kind === "offset") expr = parseOffset(expr, tokens);
      else if (kind === "@") expr = parseAt(expr, tokens);
      else if (kind === "anchored" || kind === "smoothed")
        expr = parseExtension(expr, kind, tokens, this.#features);
      else return expr;
    }
  }

  #primary(): Expr {
    const tokens = this.#tokens;
    for (;;) {
      this.#height = 1;
      const kind = tokens.peek();
      switch (kind) {
        case "number":
        case "duration":
          return parseNumberLiteral(tokens);
        case "string":
          return this.#string();
        case "(":
          return this.#paren();
        case "{":
          return this.#selector(undefined, tokens.span);
        case "identifier":
        case "metricIdentifier":
          return this.#named(kind);
        default:
          if (isMetricWord(kind)) return this.#named(kind);
          tokens.syntaxError();
      }
    }
  }

  #string(): StringLiteral {
    const tokens = this.#tokens;
    const literal: StringLiteral = {
      kind: "string",
      span: tokens.span,
      value: readString(tokens.tokenText),
    };
    tokens.take();
    return literal;
  }

  /** paren_expr: "(" expr ")" */
  #paren(): ParenExpr {
    const tokens = this.#tokens;
    const start = tokens.start;
    tokens.take();
    const { expr } = this.#expressionBefore(")", ")");
    tokens.take();
    this.#grow(this.#height);
    return { kind: "paren", span: { start, end: tokens.lastEnd }, expr };
  }

  /** What begins with a name: a call, an aggregation or a selector. */
  #named(kind: TokenKind): Expr {
    const tokens = this.#tokens;
    const span = tokens.span;
    const name = tokens.tokenText;
    tokens.take();
    const wordClass = (WORDS as Readonly<Record<string, string>>)[kind];
    const next = tokens.peek();
    if (wordClass === "aggregator" && (next === "(" || next === "by" || next === "without"))
      return this.#aggregate(kind as AggregateOperator, span);
    if (next === "(" && (kind === "identifier" || wordClass === "function"))
      return this.#call(name, span);
    return this.#selector(name, span);
  }

  /** vector_selector: metric_identifier [label_matchers] | label_matchers */
  #selector(name: string | undefined, nameSpan: Span): VectorSelector {
    const tokens = this.#tokens;
    const matchers: Matcher[] = name === undefined ? [] : [createMatcher(METRIC_NAME, "=", name)];
    let end = nameSpan.end;
    if (tokens.peek() === "{") {
      matchers.push(...parseMatchers(tokens));
      end = tokens.lastEnd;
    }
    const span = { start: nameSpan.start, end };
    return {
      kind: "vectorSelector",
      span,
      name,
      matchers,
      offset: undefined,
      at: undefined,
      extension: undefined,
    };
  }

  /** function_call: IDENTIFIER function_call_body */
  #call(name: string, nameSpan: Span): Call {
    const tokens = this.#tokens;
    const args = this.#args();
    const signature = functionSignature(name);
    if (signature === undefined)
      tokens.report(`unknown function with name ${goQuote(name)}`, nameSpan);
    else if (signature.experimental && !this.#features.has("promql-experimental-functions"))
      tokens.report(`function ${goQuote(name)} is not enabled`, nameSpan);
    return { kind: "call", span: { start: nameSpan.start, end: tokens.lastEnd }, name, args };
  }

  /** function_call_body: "(" [expr ("," expr)*] ")" */
  #args(): Expr[] {
    const tokens = this.#tokens;
    tokens.expect("(");
    const args: Expr[] = [];
    let height = 0;
    if (!tokens.takeIf(")")) {
      for (;;) {
        const { expr, isClosed } = this.#expressionBefore(")", ",");
        args.push(expr);
        height = Math.max(height, this.#height);
        tokens.take();
        if (isClosed || this.#trailingComma()) break;
      }
    }
    this.#grow(height);
    return args;
  }

  /** After a comma: whether the arguments are over. A comma that nothing follows is a mistake of its own. */
  #trailingComma(): boolean {
    const tokens = this.#tokens;
    const comma = { start: tokens.lastEnd - 1, end: tokens.lastEnd };
    while (!beginsExpression(tokens.peek())) {
      tokens.report("trailing commas not allowed in function call args", comma);
      while (tokens.peek() !== ")" && tokens.peek() !== ",") tokens.syntaxError();
      if (tokens.takeIf(")")) return true;
      comma.start = tokens.start;
      comma.end = comma.start + 1;
      tokens.take();
    }
    return false;
  }

  /**
   * aggregate_expr: aggregate_op aggregate_modifier function_call_body
   *               | aggregate_op function_call_body [aggregate_modifier]
   * aggregate_modifier: (BY | WITHOUT) grouping_labels
   */
  #aggregate(operator: AggregateOperator, name: Span): Expr {
    const tokens = this.#tokens;
    const grouped = ():
      | { readonly labels: readonly string[]; readonly without: boolean }
      | undefined => {
      const kind = tokens.peek();
      if (kind !== "by" && kind !== "without") return undefined;
      tokens.take();
      return { labels: parseGroupingLabels(tokens), without: kind === "without" };
    };
    return tokens.recovering(
      () => {
        const before = grouped();
        const args = this.#args();
        const grouping = before ?? grouped();
        const span = { start: name.start, end: tokens.lastEnd };
        return this.#aggregateExpr(
          operator,
          span,
          args,
          grouping?.labels ?? [],
          grouping?.without ?? false,
        );
      },
      () => {
        tokens.reportUnexpected("aggregation", "");
        return this.#aggregateExpr(
          operator,
          { start: name.start, end: tokens.lastEnd },
          [],
          [],
          false,
        );
      },
    );
  }

  #aggregateExpr(
    operator: AggregateOperator,
    span: Span,
    args: readonly Expr[],
    grouping: readonly string[],
    without: boolean,
  ): Expr {
    const tokens = this.#tokens;
    const isParametric = PARAMETRIC.has(operator);
    const wanted = isParametric ? 2 : 1;
    if (args.length === 0) tokens.report("no arguments for aggregate expression provided", span);
    else if (operator.startsWith("limit") && !this.#features.has("promql-experimental-functions"))
      tokens.report(
        `${operator}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
        span,
      );
    else if (args.length !== wanted)
      tokens.report(
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
        span,
      );
    // Where arguments are missing, that has been noted: any expression does for finding more mistakes.
    const nothing: Expr = { kind: "number", span, value: 0, isDuration: false };
    const param = isParametric ? args[0] : undefined;
    return {
      kind: "aggregate",
      span,
      operator,
      expr: args[wanted - 1] ?? nothing,
      param,
      grouping,
      without,
    };
  }
}
