import { beginsExpression, type TokenKind } from "../lexer/token.ts";
import type { BinaryExpr, BinaryOperator, Expr, VectorMatching } from "../syntax/ast.ts";
import type { Features } from "../syntax/features.ts";
import { valueType } from "../syntax/value-type.ts";
import { parseSeconds } from "./duration-parser.ts";
import { parseGroupingLabels } from "./label-parser.ts";
import type { TokenStream } from "./token-stream.ts";

/** What stands between an operator and its right operand. */
export interface BinaryModifiers {
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

/** bin_modifier: [BOOL] [(ON | IGNORING) grouping_labels [(GROUP_LEFT | GROUP_RIGHT) [grouping_labels]]] [fill_modifiers] */
export function parseBinaryModifiers(tokens: TokenStream): BinaryModifiers {
  const returnBool = tokens.takeIf("bool");
  const on = tokens.peek() === "on";
  let labels: readonly string[] = [];
  let include: readonly string[] = [];
  let cardinality: VectorMatching["cardinality"] = "one-to-one";
  if (on || tokens.peek() === "ignoring") {
    tokens.take();
    labels = parseGroupingLabels(tokens);
    const side = tokens.peek();
    if (side === "group_left" || side === "group_right") {
      tokens.take();
      cardinality = side === "group_left" ? "many-to-one" : "one-to-many";
      // The labels may be left out, before what can follow them: else they are missed.
      if (!beginsOperand(tokens.peek())) include = parseGroupingLabels(tokens);
    }
  }
  return { returnBool, matching: { cardinality, on, labels, include, ...parseFill(tokens) } };
}

/** fill_modifiers: FILL fill_value | FILL_LEFT fill_value [FILL_RIGHT fill_value] | FILL_RIGHT fill_value [FILL_LEFT fill_value] */
function parseFill(tokens: TokenStream): Pick<VectorMatching, "fillLeft" | "fillRight"> {
  let fillLeft: number | undefined;
  let fillRight: number | undefined;
  if (tokens.takeIf("fill")) {
    fillLeft = parseFillValue(tokens);
    fillRight = fillLeft;
  } else {
    if (tokens.takeIf("fill_left")) fillLeft = parseFillValue(tokens);
    if (tokens.takeIf("fill_right")) {
      fillRight = parseFillValue(tokens);
      if (fillLeft === undefined && tokens.takeIf("fill_left")) fillLeft = parseFillValue(tokens);
    }
  }
  return { fillLeft, fillRight };
}

/** fill_value: "(" signed_or_unsigned_number ")" */
function parseFillValue(tokens: TokenStream): number {
  tokens.expect("(");
  const seconds = parseSeconds(tokens);
  tokens.expect(")");
  return seconds;
}

/** Whether a token begins a fill modifier or an expression, other than one in parentheses. */
function beginsOperand(kind: TokenKind): boolean {
  return kind !== "(" && beginsExpression(kind);
}

const SET_OPERATORS: ReadonlySet<BinaryOperator> = new Set<BinaryOperator>(["and", "or", "unless"]);

/** The node of a binary operation. Where it is none of two instant vectors, a matching stays only as a mistake to be found. */
export function binaryExpr(
  operator: BinaryOperator,
  left: Expr,
  right: Expr,
  { returnBool, matching }: BinaryModifiers,
  tokens: TokenStream,
  features: Features,
): BinaryExpr {
  const span = { start: left.span.start, end: right.span.end };
  const hasFill = matching.fillLeft !== undefined || matching.fillRight !== undefined;
  if (hasFill && !features.has("promql-binop-fill-modifiers"))
    tokens.report("binop fill modifiers are experimental and not enabled", span);
  const isMatched = valueType(left) === "vector" && valueType(right) === "vector";
  const isSet = SET_OPERATORS.has(operator) && matching.cardinality === "one-to-one";
  return {
    kind: "binary",
    span,
    operator,
    left,
    right,
    returnBool,
    matching:
      isMatched || hasFill || matching.labels.length > 0
        ? { ...matching, cardinality: isSet ? "many-to-many" : matching.cardinality }
        : undefined,
  };
}
