import {
  compareUtf8,
  formatDuration,
  isLegacyLabelName,
  type Matcher,
  METRIC_NAME,
} from "@linklight/model";
import { goQuote } from "../lexer/go-quote.ts";
import { formatFixed, formatGoFloat } from "../number/go-format.ts";
import type {
  AggregateExpr,
  AtModifier,
  BinaryExpr,
  DurationExpr,
  Expr,
  MatrixSelector,
  NumberLiteral,
  Subquery,
  VectorSelector,
} from "./ast.ts";
import { chainOf } from "./chain.ts";

/**
 * Writes an expression on one line, as Prometheus' `String()` does: numbers without exponents, matchers
 * sorted, modifiers in one order. What it writes is read back as the same expression.
 */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case "number":
      return printNumber(expr);
    case "string":
      return goQuote(expr.value);
    case "vectorSelector":
      return printVectorSelector(expr);
    case "matrixSelector":
      return printMatrixSelector(expr);
    case "subquery":
      return printExpr(expr.expr) + printSubquerySuffix(expr);
    case "paren":
      return `(${printExpr(expr.expr)})`;
    case "unary":
      return expr.operator + printExpr(expr.expr);
    case "binary":
      return printBinary(expr);
    case "aggregate": {
      const param = expr.param === undefined ? "" : `${printExpr(expr.param)}, `;
      return `${printAggregation(expr)}(${param}${printExpr(expr.expr)})`;
    }
    case "call":
      return `${expr.name}(${expr.args.map(printExpr).join(", ")})`;
  }
}

// A chain of operators is printed as a whole and, by what lays it out, at each operator: each text is made of the last.
const printed = new WeakMap<BinaryExpr, string>();

function printBinary(expr: BinaryExpr): string {
  for (const one of chainOf(expr, (inner) => printed.has(inner))) {
    const { left, right } = one;
    const before = left.kind === "binary" ? printed.get(left) : undefined;
    printed.set(one, `${before ?? printExpr(left)} ${printOperator(one)} ${printExpr(right)}`);
  }
  return printed.get(expr) as string;
}

/** The head of an aggregation: `sum by (port) `, with the space where a grouping is. */
export function printAggregation({ operator, grouping, without }: AggregateExpr): string {
  if (!without && grouping.length === 0) return operator;
  return `${operator} ${without ? "without" : "by"} (${printLabels(grouping)}) `;
}

/** A binary operator with its modifiers: `* on (port) group_left ()`. */
export function printOperator({ operator, returnBool, matching }: BinaryExpr): string {
  let text: string = operator;
  if (returnBool) text += " bool";
  if (matching === undefined) return text;
  const { cardinality, on, labels, include, fillLeft, fillRight } = matching;
  const isGrouped = cardinality === "many-to-one" || cardinality === "one-to-many";
  if (on || labels.length > 0 || isGrouped)
    text += ` ${on ? "on" : "ignoring"} (${printLabels(labels)})`;
  if (isGrouped)
    text += ` group_${cardinality === "many-to-one" ? "left" : "right"} (${printLabels(include)})`;
  if (fillLeft !== undefined && Object.is(fillLeft, fillRight))
    return `${text} fill (${formatGoFloat(fillLeft)})`;
  if (fillLeft !== undefined) text += ` fill_left (${formatGoFloat(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${formatGoFloat(fillRight)})`;
  return text;
}

/** What makes a subquery of an expression: `[1h:5m] @ end() offset 1d`. */
export function printSubquerySuffix({ range, step, at, offset }: Subquery): string {
  const written = step === undefined ? "" : printRange(step);
  return `[${printRange(range)}:${written}]${printAt(at)}${printOffset(offset)}`;
}

/** A duration expression: `step() * 2`. */
export function printDuration(duration: DurationExpr): string {
  switch (duration.kind) {
    case "number":
      return printNumber(duration);
    case "durationUnary":
      return duration.operator + printDuration(duration.operand);
    case "durationBinary":
      return `${printDuration(duration.left)} ${duration.operator} ${printDuration(duration.right)}`;
    case "durationCall":
      return `${duration.name}(${duration.args.map(printDuration).join(", ")})`;
    case "durationParen":
      return `(${printDuration(duration.inner)})`;
  }
}

function printNumber({ value, isDuration }: NumberLiteral): string {
  return isDuration ? printSeconds(value) : formatFixed(value);
}

/**
 * Seconds as a duration: whole milliseconds, the rest cut off. Prometheus cuts after it multiplied by 1e9,
 * and so loses a millisecond of some long durations.
 */
function printSeconds(seconds: number): string {
  const exact = Math.abs(seconds) * 1000;
  const nearest = Math.round(exact);
  const isWhole = Math.abs(exact - nearest) <= nearest * 2 ** -51;
  return (seconds < 0 ? "-" : "") + formatDuration(isWhole ? nearest : Math.trunc(exact));
}

/** A range or step: a number that stands alone is written as a duration. */
function printRange(duration: DurationExpr): string {
  return duration.kind === "number" ? printSeconds(duration.value) : printDuration(duration);
}

function printOffset(offset: DurationExpr | undefined): string {
  if (offset === undefined || (offset.kind === "number" && offset.value === 0)) return "";
  return ` offset ${printRange(offset)}`;
}

function printAt(at: AtModifier | undefined): string {
  if (at === undefined) return "";
  return at.at === "timestamp" ? ` @ ${(at.timestampMs / 1000).toFixed(3)}` : ` @ ${at.at}()`;
}

function printLabels(labels: readonly string[]): string {
  return labels.map((label) => (isLegacyLabelName(label) ? label : goQuote(label))).join(", ");
}

function printMatcher({ name, operator, value }: Matcher): string {
  return `${isLegacyLabelName(name) ? name : goQuote(name)}${operator}${goQuote(value)}`;
}

function printSeries({ name, matchers }: VectorSelector): string {
  const written = matchers
    .filter(
      (matcher) =>
        name === undefined ||
        matcher.name !== METRIC_NAME ||
        matcher.operator !== "=" ||
        matcher.value !== name,
    )
    .map(printMatcher)
    .sort(compareUtf8);
  return (name ?? "") + (written.length > 0 || name === undefined ? `{${written.join(",")}}` : "");
}

function printVectorSelector(selector: VectorSelector): string {
  const extension = selector.extension === undefined ? "" : ` ${selector.extension}`;
  return `${printSeries(selector)}${printAt(selector.at)}${extension}${printOffset(selector.offset)}`;
}

function printMatrixSelector({ selector, range }: MatrixSelector): string {
  const extension = selector.extension === undefined ? "" : ` ${selector.extension}`;
  return `${printSeries(selector)}[${printRange(range)}]${extension}${printAt(selector.at)}${printOffset(selector.offset)}`;
}
