import { readDuration, readNumber } from "../lexer/literal.ts";
import type {
  DurationBinary,
  DurationCall,
  DurationExpr,
  NumberLiteral,
  Span,
} from "../syntax/ast.ts";
import type { TokenStream } from "./token-stream.ts";

// Seconds beyond which a 64-bit number of nanoseconds overflows, as Prometheus compares them.
const LONGEST_SECONDS = 2 ** 63 / 1e9;

const PRECEDENCE: Readonly<Record<string, number>> = {
  "+": 1,
  "-": 1,
  "*": 2,
  "/": 2,
  "%": 2,
  "^": 3,
};
const POWER = 3;

/** number_duration_literal: NUMBER | DURATION */
export function parseNumberLiteral(tokens: TokenStream): NumberLiteral {
  const isDuration = tokens.peek() === "duration";
  const span = tokens.span;
  const reading = isDuration ? readDuration(tokens.tokenText) : readNumber(tokens.tokenText);
  tokens.take();
  if ("problem" in reading) tokens.report(reading.problem, span);
  return { kind: "number", span, value: "value" in reading ? reading.value : 0, isDuration };
}

/** Whether the next token is a number or a duration. */
export function isNumberNext(tokens: TokenStream): boolean {
  return tokens.peek() === "number" || tokens.peek() === "duration";
}

/** signed_or_unsigned_number: [ADD | SUB] (NUMBER | DURATION) */
export function parseSeconds(tokens: TokenStream): number {
  const isNegative = tokens.peek() === "-";
  if (isNegative || tokens.peek() === "+") tokens.take();
  while (!isNumberNext(tokens)) tokens.syntaxError();
  const { value } = parseNumberLiteral(tokens);
  return isNegative ? -value : value;
}

/** duration_expr, greater than 0 as far as that can be seen: a range, or a step of a subquery. */
export function parsePositiveDuration(tokens: TokenStream): DurationExpr {
  const duration = parseBinary(tokens, 1);
  const seconds = literalSeconds(duration);
  if (seconds !== undefined && !(seconds > 0))
    tokens.report("duration must be greater than 0", duration.span);
  return duration;
}

/**
 * offset_duration_expr: an offset ends with its number or call, so that `foo offset 5m + 1` adds 1 to
 * foo; only what begins with a parenthesis goes on (`foo offset (5m) + 1` is later by 5m1s).
 */
export function parseOffsetDuration(tokens: TokenStream): DurationExpr {
  if (tokens.peek() === "(") return parseBinary(tokens, 1);
  const sign = tokens.peek();
  if (sign !== "+" && sign !== "-") return parsePrimary(tokens);
  const signSpan = tokens.span;
  tokens.take();
  const next = tokens.peek();
  if (next === "+" || next === "-") {
    const operand = parseBinary(tokens, POWER);
    return parseRest(tokens, signed(tokens, sign, signSpan, operand), 1);
  }
  const operand = isNumberNext(tokens) ? parseNumberLiteral(tokens) : parsePrimary(tokens);
  return signed(tokens, sign, signSpan, operand);
}

/** The seconds of a duration that is no more than a number with signs and parentheses. */
function literalSeconds(duration: DurationExpr): number | undefined {
  switch (duration.kind) {
    case "number":
      return duration.value;
    case "durationParen":
      return literalSeconds(duration.inner);
    case "durationUnary": {
      const seconds = literalSeconds(duration.operand);
      return seconds !== undefined && duration.operator === "-" ? -seconds : seconds;
    }
    default:
      return undefined;
  }
}

/** duration_expr: unary_op duration_expr | duration_expr (ADD | SUB | MUL | DIV | MOD | POW) duration_expr | … */
function parseBinary(tokens: TokenStream, least: number): DurationExpr {
  tokens.enter();
  const expr = parseRest(tokens, parseUnary(tokens), least);
  tokens.depth--;
  return expr;
}

function parseRest(tokens: TokenStream, first: DurationExpr, least: number): DurationExpr {
  let left = first;
  for (let height = 1; ; height++) {
    const operator = tokens.peek();
    const precedence = PRECEDENCE[operator];
    if (precedence === undefined || precedence < least) return left;
    const operatorSpan = tokens.span;
    tokens.take();
    tokens.checkDepth(tokens.depth + height);
    const right = parseBinary(tokens, precedence === POWER ? POWER : precedence + 1);
    const isZero = literalSeconds(right) === 0;
    if (operator === "/" && isZero) tokens.report("division by zero", operatorSpan);
    if (operator === "%" && isZero) tokens.report("modulo by zero", operatorSpan);
    left = {
      kind: "durationBinary",
      span: { start: left.span.start, end: right.span.end },
      operator: operator as DurationBinary["operator"],
      left,
      right,
    };
  }
}

/** unary_op duration_expr: a sign binds like a product, weaker than a power. */
function parseUnary(tokens: TokenStream): DurationExpr {
  const sign = tokens.peek();
  if (sign !== "+" && sign !== "-") return parsePrimary(tokens);
  const signSpan = tokens.span;
  tokens.take();
  return signed(tokens, sign, signSpan, parseBinary(tokens, POWER));
}

/** A sign before a number becomes part of it, and a plus before anything else means nothing. */
function signed(
  tokens: TokenStream,
  sign: "+" | "-",
  signSpan: Span,
  operand: DurationExpr,
): DurationExpr {
  const span = { start: signSpan.start, end: operand.span.end };
  if (operand.kind === "number") {
    const value = sign === "-" ? -operand.value : operand.value;
    if (isOutOfRange(value)) tokens.report("duration out of range", signSpan);
    return { ...operand, span, value };
  }
  return sign === "-" ? { kind: "durationUnary", span, operator: "-", operand } : operand;
}

function isOutOfRange(seconds: number): boolean {
  return seconds > LONGEST_SECONDS || seconds < -LONGEST_SECONDS;
}

/** number_duration_literal | STEP "()" | RANGE "()" | (MIN_OF | MAX_OF) "(" duration_expr "," duration_expr ")" | "(" duration_expr ")" */
function parsePrimary(tokens: TokenStream): DurationExpr {
  for (;;) {
    const kind = tokens.peek();
    switch (kind) {
      case "number":
      case "duration": {
        const literal = parseNumberLiteral(tokens);
        if (isOutOfRange(literal.value)) tokens.report("duration out of range", literal.span);
        return literal;
      }
      case "step":
      case "range":
      case "min_of":
      case "max_of":
        return parseCall(tokens, kind);
      case "(": {
        const start = tokens.start;
        tokens.take();
        const inner = parseClosed(tokens, ")");
        return { kind: "durationParen", span: { start, end: tokens.lastEnd }, inner };
      }
      default:
        tokens.syntaxError();
    }
  }
}

/** A duration up to and with the token that must follow it. */
function parseClosed(tokens: TokenStream, closing: ")" | ","): DurationExpr {
  let inner = parseBinary(tokens, 1);
  while (!tokens.takeIf(closing)) {
    tokens.syntaxError();
    inner = parseRest(tokens, inner, 1);
  }
  return inner;
}

function parseCall(tokens: TokenStream, name: DurationCall["name"]): DurationCall {
  const start = tokens.start;
  tokens.take();
  tokens.expect("(");
  const args: DurationExpr[] = [];
  if (name === "min_of" || name === "max_of")
    args.push(parseClosed(tokens, ","), parseClosed(tokens, ")"));
  else tokens.expect(")");
  return { kind: "durationCall", span: { start, end: tokens.lastEnd }, name, args };
}
