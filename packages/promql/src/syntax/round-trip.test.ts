import type { MatchOperator } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMatcher } from "../matcher/label-matcher.ts";
import type {
  AggregateOperator,
  AtModifier,
  BinaryExpr,
  BinaryOperator,
  DurationBinary,
  DurationExpr,
  Expr,
  NumberLiteral,
  VectorMatching,
  VectorSelector,
} from "./ast.ts";
import { parseExpr } from "./parser.ts";
import { formatExpr } from "./prettifier.ts";
import { printDuration, printExpr } from "./printer.ts";

const span = { start: 0, end: 0 };
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
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
const COMPARISONS: readonly BinaryOperator[] = ["==", "!=", "<", "<=", ">", ">="];
const ARITHMETIC = ["+", "-", "*", "/", "%", "^", "atan2"] as const;
const SETS: readonly BinaryOperator[] = ["and", "or", "unless"];

/** An operand in parentheses, where it would otherwise be read as part of something else. */
function operand(expr: Expr, operator: BinaryOperator, isLeft: boolean): Expr {
  const paren: Expr = { kind: "paren", span, expr };
  const own = PRECEDENCE[operator];
  if (expr.kind === "number") return isLeft && operator === "^" && expr.value < 0 ? paren : expr;
  if (expr.kind === "unary") return isLeft && operator === "^" ? paren : expr;
  if (expr.kind !== "binary") return expr;
  const inner = PRECEDENCE[expr.operator];
  const isTight = inner > own || (inner === own && isLeft === own < PRECEDENCE["^"]);
  return isTight ? expr : paren;
}

/** What a sign or a bracket can follow directly. */
function primary(expr: Expr): Expr {
  const isOpen = expr.kind === "binary" || expr.kind === "unary" || expr.kind === "number";
  return isOpen ? { kind: "paren", span, expr } : expr;
}

const labels = fc.constantFrom("port", "instance", "a b", "without_", "by", "été", "x:y");
const milliseconds = fc.integer({ min: 1, max: 10_000_000_000 });
const duration = milliseconds.map(
  (ms): NumberLiteral => ({ kind: "number", span, value: ms / 1000, isDuration: true }),
);
const plainNumber = fc
  .oneof(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0, max: 1e300, noNaN: true }))
  .map((value): NumberLiteral => ({ kind: "number", span, value, isDuration: false }));
const number = fc
  .tuple(fc.oneof(plainNumber, duration), fc.boolean())
  .map(([literal, isNegative]) => (isNegative ? { ...literal, value: -literal.value } : literal));

const durationCall = fc.letrec<{ expr: DurationExpr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 3 },
    duration,
    duration,
    fc.constantFrom<DurationExpr>(
      { kind: "durationCall", span, name: "step", args: [] },
      { kind: "durationCall", span, name: "range", args: [] },
    ),
    fc
      .tuple(fc.constantFrom("min_of" as const, "max_of" as const), tie("expr"), tie("expr"))
      .map(([name, ...args]): DurationExpr => ({ kind: "durationCall", span, name, args })),
    tie("expr").map((inner): DurationExpr => ({ kind: "durationParen", span, inner })),
    tie("expr").map(
      (inner): DurationExpr => ({
        kind: "durationUnary",
        span,
        operator: "-",
        operand: { kind: "durationParen", span, inner },
      }),
    ),
    fc
      .tuple(
        fc.constantFrom<DurationBinary["operator"]>("+", "-", "*", "/", "%", "^"),
        tie("expr"),
        tie("expr"),
      )
      .map(
        ([operator, left, right]): DurationExpr => ({
          kind: "durationBinary",
          span,
          operator,
          left: { kind: "durationParen", span, inner: left },
          right: { kind: "durationParen", span, inner: right },
        }),
      ),
  ),
})).expr;

// A range of numbers alone is judged while it is parsed: only those that are greater than zero are right.
const isRange = (expr: DurationExpr): boolean => {
  try {
    parseExpr(`up[${printDuration(expr)}]`);
    return true;
  } catch {
    return false;
  }
};
const range = fc.oneof(duration, durationCall.filter(isRange));
// An offset that begins with a parenthesis would take an operator behind it for its own.
const offset = fc.oneof(
  duration,
  duration.map((literal): NumberLiteral => ({ ...literal, value: -literal.value })),
  durationCall.filter((expr) => expr.kind === "durationCall" && isRange(expr)),
  durationCall.filter(isRange).map(
    (inner): DurationExpr => ({
      kind: "durationUnary",
      span,
      operator: "-",
      operand: { kind: "durationParen", span, inner },
    }),
  ),
);
const at = fc.oneof(
  fc.constantFrom<AtModifier>({ at: "start" }, { at: "end" }),
  fc
    .integer({ min: -1e12, max: 1e13 })
    .map((timestampMs): AtModifier => ({ at: "timestamp", timestampMs })),
);
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 3 });

const matcher = fc
  .tuple(
    labels,
    fc.constantFrom<MatchOperator>("=", "!=", "=~", "!~"),
    fc.string({ unit: fc.constantFrom("a", "7", '"', "'", "\n", "é", "😀", "\u0000", "`", "-") }),
  )
  .map(([name, operator, value]) => createMatcher(name, operator, value));

const selector = fc
  .tuple(
    fc.constantFrom("up", "rx_packets_total", "a:b", "sum", "offset", "fill", "step"),
    fc.array(matcher, { maxLength: 3 }),
    optional(offset),
    optional(at),
    optional(fc.constantFrom("anchored" as const, "smoothed" as const)),
  )
  .map(([name, matchers, ...modifiers]): VectorSelector => {
    const [ownOffset, ownAt, extension] = modifiers;
    const all = [createMatcher("__name__", "=", name), ...matchers];
    return {
      kind: "vectorSelector",
      span,
      name,
      matchers: all,
      offset: ownOffset,
      at: ownAt,
      extension,
    };
  });

const matching = (cardinality: VectorMatching["cardinality"]): fc.Arbitrary<VectorMatching> =>
  fc
    .record({
      on: fc.boolean(),
      labels: fc.uniqueArray(labels, { maxLength: 2 }),
      fillLeft: optional(fc.constantFrom(0, -1.5, 1e21)),
      fillRight: optional(fc.constantFrom(0, -1.5, 1e21)),
    })
    .map(({ fillLeft, fillRight, ...own }) => {
      const isSet = cardinality === "many-to-many";
      const fill = isSet ? { fillLeft: undefined, fillRight: undefined } : { fillLeft, fillRight };
      return { cardinality, include: [], ...own, ...fill };
    });

type Kinds = Record<"scalar" | "vector" | "matrix", Expr>;

function binary(
  operator: BinaryOperator,
  left: Expr,
  right: Expr,
  more: Partial<BinaryExpr>,
): BinaryExpr {
  return {
    kind: "binary",
    span,
    operator,
    left: operand(left, operator, true),
    right: operand(right, operator, false),
    returnBool: false,
    matching: undefined,
    ...more,
  };
}

const call = (name: string, ...args: readonly Expr[]): Expr => ({ kind: "call", span, name, args });

const kinds = fc.letrec<Kinds>((tie) => ({
  scalar: fc.oneof(
    { maxDepth: 4 },
    number,
    number,
    tie("scalar").map((expr): Expr => ({ kind: "paren", span, expr })),
    tie("vector").map((expr) => call("scalar", expr)),
    tie("scalar").map(
      (expr): Expr => ({ kind: "unary", span, operator: "-", expr: primary(expr) }),
    ),
    fc
      .tuple(fc.constantFrom<BinaryOperator>(...ARITHMETIC), tie("scalar"), tie("scalar"))
      .map(([operator, left, right]) => binary(operator, left, right, {})),
    fc
      .tuple(fc.constantFrom(...COMPARISONS), tie("scalar"), tie("scalar"))
      .map(([operator, left, right]) => binary(operator, left, right, { returnBool: true })),
  ),
  vector: fc.oneof(
    { maxDepth: 4 },
    selector,
    selector,
    tie("vector").map((expr): Expr => ({ kind: "paren", span, expr })),
    tie("matrix").map((expr) => call("rate", expr)),
    tie("scalar").map((expr) => call("vector", expr)),
    fc
      .tuple(tie("vector"), tie("scalar"))
      .map(([vector, scalar]) => call("clamp_max", vector, scalar)),
    tie("vector").map(
      (expr): Expr => ({ kind: "unary", span, operator: "-", expr: primary(expr) }),
    ),
    fc
      .tuple(fc.constantFrom<BinaryOperator>(...ARITHMETIC), tie("vector"), tie("scalar"))
      .map(([operator, left, right]) => binary(operator, left, right, {})),
    fc
      .tuple(
        fc.constantFrom<BinaryOperator>(...ARITHMETIC, "</", ">/"),
        tie("vector"),
        tie("vector"),
        fc
          .constantFrom("one-to-one" as const, "many-to-one" as const, "one-to-many" as const)
          .chain(matching),
      )
      .map(([operator, left, right, own]) => binary(operator, left, right, { matching: own })),
    fc
      .tuple(fc.constantFrom(...COMPARISONS), tie("scalar"), tie("vector"), fc.boolean())
      .map(([operator, left, right, returnBool]) => binary(operator, left, right, { returnBool })),
    fc
      .tuple(fc.constantFrom(...SETS), tie("vector"), tie("vector"), matching("many-to-many"))
      .map(([operator, left, right, own]) => binary(operator, left, right, { matching: own })),
    fc
      .tuple(
        fc.constantFrom<AggregateOperator>("sum", "group", "topk", "limitk", "count_values"),
        tie("vector"),
        tie("scalar"),
        fc.uniqueArray(labels, { maxLength: 3 }),
        fc.boolean(),
      )
      .map(([operator, expr, scalar, grouping, without]): Expr => {
        const text: Expr = { kind: "string", span, value: 'le"\n' };
        const param =
          operator === "count_values"
            ? text
            : operator === "sum" || operator === "group"
              ? undefined
              : scalar;
        return { kind: "aggregate", span, operator, expr, param, grouping, without };
      }),
  ),
  matrix: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(selector, range)
      .map(([own, wide]): Expr => ({ kind: "matrixSelector", span, selector: own, range: wide })),
    fc
      // The lexer of Prometheus wants a number before the colon: not `up[step():]`.
      .tuple(
        tie("vector"),
        range.filter((own) => /\d/.test(printDuration(own))),
        optional(range),
        optional(offset),
        optional(at),
      )
      .map(([expr, wide, step, ownOffset, ownAt]): Expr => {
        return {
          kind: "subquery",
          span,
          expr: primary(expr),
          range: wide,
          step,
          offset: ownOffset,
          at: ownAt,
        };
      }),
  ),
}));

/** The tree without places; of matchers, what they say; sorted, as they are printed. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  if ("matches" in value) {
    const { name, operator, value: own } = value as unknown as Record<string, unknown>;
    return `${String(name)}${String(operator)}${String(own)}`;
  }
  const fields = Object.entries(value).filter(([key]) => key !== "span");
  return Object.fromEntries(
    fields.map(([key, field]) => [
      key,
      key === "matchers" ? (bare(field) as string[]).sort() : bare(field),
    ]),
  );
}

const expressions = fc.oneof(kinds.vector, kinds.scalar, kinds.matrix);

describe.each([
  ["printExpr", printExpr],
  ["formatExpr", formatExpr],
])("%s", (_, write) => {
  it("writes what is read back as the same tree", () => {
    const property = fc.property(expressions, (expr) => {
      expect(bare(parseExpr(write(expr), { features: "all" }))).toEqual(bare(expr));
    });
    fc.assert(property, { seed: 42, numRuns: 1000 });
  });

  it("writes the same again when what it wrote is read", () => {
    const property = fc.property(expressions, (expr) => {
      const written = write(expr);
      expect(write(parseExpr(written, { features: "all" }))).toBe(written);
    });
    fc.assert(property, { seed: 43, numRuns: 300 });
  });
});
